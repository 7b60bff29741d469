/**
 * Makes a container's directories, one in each hierarchy, ready for limits and processes.
 *
 * In order: make the directories; fill version 1 cpusets, which are born empty and take no process
 * until filled; on a pure version 2 host let the controllers through from the top. A failure
 * removes what was made.
 */
import { mkdirSync, rmdirSync } from 'node:fs';
import { posix } from 'node:path';
import { Cleanup, messageOf } from '../base/index.ts';
import { CgroupError, errnoOf } from './errors.ts';
import { readOptional, readValue, writeValue } from './files.ts';
import type { CgroupHost } from './host.ts';
import type { CgroupPaths } from './paths.ts';

/** How `createCgroup` treats what it is not allowed to do. */
export interface CreateOptions {
  /**
   * Go on without a hierarchy in which this user may make no directory: a container of a user
   * without root that asks for no path. Asking for a limit there is still an error, later.
   */
  readonly skipForbidden?: boolean;
}

export interface Created {
  readonly paths: CgroupPaths;
  /** A directory of the container was there before: somebody may be in it. */
  readonly existed: boolean;
}

const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS']);
const SOURCE = '/linux/cgroupsPath';

/** Makes every directory of `paths`. Errors: `CGROUP_CREATE` with the directory and errno. */
export function createDirectories(
  host: CgroupHost,
  paths: CgroupPaths,
  options: CreateOptions = {},
): Created {
  const made: CgroupPaths = {};
  const undo = new Cleanup();
  let existed = false;
  try {
    for (const hierarchy of host.hierarchies) {
      const [key = ''] = hierarchy.keys;
      const directory = paths[key];
      if (directory === undefined) continue;
      try {
        if (makeDirectory(directory, undo)) existed = true;
        if (hierarchy.keys.includes('cpuset')) inheritCpuset(directory, hierarchy.mountpoint);
        if (host.kind === 'v2') enableControllers(hierarchy, directory, hierarchy.controllers);
      } catch (error) {
        if (options.skipForbidden && FORBIDDEN.has(errnoOf(error) ?? '')) continue;
        throw error;
      }
      for (const name of hierarchy.keys) made[name] = directory;
    }
  } catch (error) {
    undo.run();
    throw error;
  }
  return { paths: made, existed };
}

/** Makes the directory and its parents; true if it was there before. The usual case is one call. */
function makeDirectory(directory: string, undo: Cleanup): boolean {
  try {
    mkdirSync(directory);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST') return true;
    if (errno !== 'ENOENT') throw createError(directory, error);
    makeDirectory(posix.dirname(directory), undo);
    return makeDirectory(directory, undo);
  }
  undo.add(`remove ${directory}`, () => rmdirSync(directory));
  return false;
}

function createError(directory: string, cause: unknown): CgroupError {
  const errno = errnoOf(cause);
  const advice = FORBIDDEN.has(errno ?? '')
    ? 'this needs root, or a cgroup delegated to this user, on a hierarchy mounted read-write'
    : 'see that the hierarchy is mounted and cgroup.max.descendants is not reached';
  const message = `unable to apply cgroup configuration: cannot create ${directory}: ${messageOf(cause)}; ${advice}`;
  const details = { file: directory, source: SOURCE, cause, ...(errno && { errno }) };
  return new CgroupError('CGROUP_CREATE', message, details);
}

/**
 * Copies cpuset.cpus and cpuset.mems from the nearest ancestor that has them into each empty
 * cpuset on the way down (cpuset(7): a process cannot join a cpuset that is empty).
 */
function inheritCpuset(directory: string, mountpoint: string): void {
  for (const name of ['cpuset.cpus', 'cpuset.mems']) fill(directory, name);

  function fill(current: string, name: string): string {
    const path = `${current}/${name}`;
    const present = readValue(path);
    if (present !== '' || current === mountpoint) return present;
    const inherited = fill(posix.dirname(current), name);
    writeValue(path, inherited);
    return inherited;
  }
}

/**
 * Lets controllers through from the hierarchy's root down to `directory`'s parent, so that
 * `directory` has their files. Nothing is written when it has them already. cgroups(7),
 * "cgroup.subtree_control". A controller that cannot be enabled (EBUSY: an ancestor other than the
 * root holds processes) is left out: whoever needs it gets the error of the missing file.
 */
export function enableControllers(
  hierarchy: { readonly mountpoint: string },
  directory: string,
  controllers: readonly string[],
): void {
  const present = controllersOf(directory);
  if (!controllers.every((controller) => present.has(controller))) {
    const below = posix.relative(hierarchy.mountpoint, posix.dirname(directory));
    let current = hierarchy.mountpoint;
    for (const part of ['', ...below.split('/')]) {
      current = posix.join(current, part);
      followThreaded(current);
      enableIn(current, controllers);
    }
  }
  followThreaded(directory);
}

/**
 * All that the cgroup itself has, in one write; if the kernel refuses, each on its own.
 *
 * Not so when it is busy: some controllers are let through past processes even then, but that makes
 * the cgroup the root of a threaded tree, which is more than was asked for.
 */
function enableIn(directory: string, controllers: readonly string[]): void {
  const attempt = (names: readonly string[]): string | undefined => {
    try {
      const value = names.map((name) => `+${name}`).join(' ');
      writeValue(`${directory}/cgroup.subtree_control`, value);
      return undefined;
    } catch (error) {
      return errnoOf(error) ?? 'unknown';
    }
  };
  const own = controllersOf(directory);
  const names = controllers.filter((name) => own.has(name));
  if (names.length === 0 || [undefined, 'EBUSY'].includes(attempt(names))) return;
  for (const name of names) attempt([name]);
}

function controllersOf(directory: string): Set<string> {
  return new Set(readValue(`${directory}/cgroup.controllers`).split(' '));
}

/** Below a threaded cgroup a new one takes no process until it is threaded too. cgroups(7). */
function followThreaded(directory: string): void {
  const file = `${directory}/cgroup.type`;
  if (readOptional(file) === 'domain invalid') writeValue(file, 'threaded');
}
