/**
 * A container's control group: a directory in each hierarchy of the host.
 *
 * Life cycle: `createCgroup` → `apply` → the container's first process writes "0" into each of
 * `joinFiles()` → `stats`, `freeze`, `kill`, `apply` again for an update → `delete`. What must
 * outlive this process is `paths`, plain JSON; `openCgroup` takes it up again.
 */
import { existsSync } from 'node:fs';
import { killAll } from '#parts/cgroups/kill.ts';
import { planPaths } from '#parts/cgroups/paths.ts';
import { applyWrites, checkUsages } from './apply.ts';
import { freeze, isFrozen, thaw } from './controllers/freezer.ts';
import { createDirectories, enableControllers } from './create.ts';
import type { CreateOptions } from './create.ts';
import { CgroupError } from './errors.ts';
import type { CgroupHost } from './host.ts';
import { joinDirectory } from './join.ts';
import { killTarget } from './kill-target.ts';
import type { CgroupPaths } from './paths.ts';
import { listProcesses } from './processes.ts';
import { removeCgroups } from './remove.ts';
import { readStats } from './stats/index.ts';
import type { CgroupStats } from './stats/index.ts';
import type { CgroupWrite } from './write.ts';

/**
 * Makes the container's cgroup in every hierarchy, with empty cpusets filled and, on a version 2
 * host, controllers enabled. `cgroupsPath` is `linux.cgroupsPath`, or the container's id where
 * that is missing. Errors: those of `planPaths` and `createDirectories`; nothing is left behind.
 */
export function createCgroup(
  host: CgroupHost,
  cgroupsPath: string,
  options: CreateOptions = {},
): Cgroup {
  const { paths, existed } = createDirectories(host, planPaths(host, cgroupsPath), options);
  return new Cgroup(host, paths, existed);
}

/** Takes up a cgroup made before, from its saved `paths`. Opens nothing. */
export function openCgroup(host: CgroupHost, paths: CgroupPaths): Cgroup {
  return new Cgroup(host, paths, true);
}

/** One container's cgroup, by its directory in each hierarchy. */
export class Cgroup {
  readonly host: CgroupHost;
  /** By controller, `name=…`, or `''` for version 2: save this. */
  readonly paths: CgroupPaths;
  /** One of its directories was there before `createCgroup`: see `checkUnused`. */
  readonly existed: boolean;

  constructor(host: CgroupHost, paths: CgroupPaths, existed: boolean) {
    this.host = host;
    this.paths = paths;
    this.existed = existed;
  }

  /** Carries planned writes out, enabling version 2 controllers that they need. See `applyWrites`. */
  apply(writes: readonly CgroupWrite[]): void {
    const { unified } = this.host;
    const directory = this.paths[''];
    if (unified && directory !== undefined && this.host.kind === 'hybrid') {
      const needed = new Set(writes.filter((w) => w.version === 2).map((w) => w.controller));
      const wanted = unified.controllers.filter((name) => needed.has(name));
      if (wanted.length > 0) enableControllers(unified, directory, wanted);
    }
    applyWrites(this.paths, writes);
  }

  /** Errors: `CGROUP_IN_USE` if a write demands to be checked against usage, and is too low. */
  checkUsage(writes: readonly CgroupWrite[]): void {
    checkUsages(this.paths, writes);
  }

  /**
   * The files into which a single-threaded process writes "0" to join, one a hierarchy. With
   * `beside`, the container's first process, those for a further one (join.ts).
   *
   * Version 1 has `tasks`, which moves one thread: unlike cgroup.procs it need not stop every fork
   * and exit in the system meanwhile (the kernel's cgroup_threadgroup_rwsem).
   */
  joinFiles(beside?: number): string[] {
    const { unified } = this.host;
    const files = Object.entries(this.paths).map(([key, directory]) => {
      if (key !== '') return `${directory}/tasks`;
      const place = unified && beside ? joinDirectory(unified, directory, beside) : directory;
      return `${place}/cgroup.procs`;
    });
    return [...new Set(files)];
  }

  /** Errors unless the cgroup is empty and thawed, as `create` may demand (config-linux.md). */
  checkUnused(): void {
    const inside = this.processes();
    const where = this.#members() ?? '';
    const problem =
      inside.length > 0
        ? `is not empty: ${inside.length} process(es) found in ${where}; choose another linux.cgroupsPath, or stop them`
        : this.isFrozen()
          ? `unexpectedly frozen: ${where}; thaw it first`
          : undefined;
    if (problem === undefined) return;
    throw new CgroupError('CGROUP_IN_USE', `container's cgroup ${problem}`, {
      source: '/linux/cgroupsPath',
    });
  }

  /** Process ids of the container, also those in cgroups it made below its own. */
  processes(): number[] {
    const members = this.#members();
    return members === undefined ? [] : listProcesses(members);
  }

  /** Signals every process; returns before they are gone. */
  kill(signal: NodeJS.Signals | number): void {
    const members = this.#members();
    if (members !== undefined) killAll(killTarget(this.paths, members), signal);
  }

  /** Stops every process and waits until they stand still. Errors: `CGROUP_FREEZE`. */
  freeze(): void {
    freeze(this.paths);
  }

  /** Lets every process go on. */
  thaw(): void {
    thaw(this.paths);
  }

  /** Whether the processes stand still, or are on their way to. */
  isFrozen(): boolean {
    return isFrozen(this.paths);
  }

  /** Whether it is still there. */
  exists(): boolean {
    const members = this.#members();
    return members !== undefined && existsSync(members);
  }

  /** Usage, limits and pressure, in one shape on every host. */
  stats(): CgroupStats {
    return readStats(this.paths);
  }

  /** Removes every directory, and cgroups that the container made in them. See `removeCgroups`. */
  delete(): void {
    removeCgroups(new Set(Object.values(this.paths)));
  }

  /** The directory that answers who is in the container; none for a user without any cgroup. */
  #members(): string | undefined {
    const { paths } = this;
    return paths.devices ?? paths.pids ?? paths[''] ?? Object.values(paths)[0];
  }
}
