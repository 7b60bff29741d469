/**
 * What it takes to signal everyone in a container; in which order is in parts/kill.ts.
 *
 * The order is the whole difficulty, so it sees no files: only this. A cgroup that is gone has nobody.
 */
import { freeze, hasFreezer, isFrozen, thaw } from './controllers/freezer.ts';
import { errnoOf } from './errors.ts';
import { writeValue } from './files.ts';
import type { CgroupPaths } from './paths.ts';
import { listProcesses } from './processes.ts';

/** A container, as far as signals to it go. */
export interface KillTarget {
  /** Kills everyone in one step. False where that cannot be done: then nothing has been done. */
  killAtOnce(): boolean;
  /** Whether it is frozen, or on its way to. Without a freezer: no. */
  isFrozen(): boolean;
  /** Freezes it and waits. False when there is no freezer or it will not freeze: then it runs on. */
  freeze(): boolean;
  /** Lets it go on. */
  thaw(): void;
  /** The ids of all that are in it now. */
  processes(): number[];
  /** kill(2). One that is gone already is fine, and one that cannot be named from here passed over. */
  send(pid: number, signal: NodeJS.Signals | number): void;
}

/** The container in `paths`. `members` is the directory that answers who is in it. */
export function killTarget(paths: CgroupPaths, members: string): KillTarget {
  return {
    killAtOnce: () => killAtOnce(paths, members),
    isFrozen: () => isFrozen(paths),
    freeze: () => tryFreeze(paths),
    thaw: () => thaw(paths),
    processes: () => listProcesses(members),
    send,
  };
}

/** One write to cgroup.kill (Linux 5.14), where there is a version 2 cgroup. */
function killAtOnce(paths: CgroupPaths, members: string): boolean {
  if (!killUnified(paths)) return false;
  // On a hybrid host a process may have been moved out of the version 2 cgroup alone.
  for (const pid of listProcesses(members)) send(pid, 'SIGKILL');
  if (paths.freezer !== undefined && isFrozen(paths)) thaw(paths);
  return true;
}

/**
 * False where the kernel has no cgroup.kill, or there is no version 2 cgroup, or it is removed just
 * now (ENODEV: systemd removes a scope when its last process ends); or where it is threaded: no
 * thread dies without its process, which may have others elsewhere.
 */
function killUnified(paths: CgroupPaths): boolean {
  if (paths[''] === undefined) return false;
  try {
    writeValue(`${paths['']}/cgroup.kill`, '1');
    return true;
  } catch (error) {
    if (['ENOENT', 'ENODEV', 'ENOTSUP'].includes(errnoOf(error) ?? '')) return false;
    throw error;
  }
}

/** False when it will not freeze, or was removed meanwhile: then there is a race to win, or nobody. */
function tryFreeze(paths: CgroupPaths): boolean {
  if (!hasFreezer(paths)) return false;
  try {
    freeze(paths);
    return true;
  } catch {
    return false;
  }
}

/** Gone already is fine. 0 is a process of another PID namespace, which cannot be named from here. */
function send(pid: number, signal: NodeJS.Signals | number): void {
  if (pid === 0) return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error;
  }
}
