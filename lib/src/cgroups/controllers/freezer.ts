/**
 * Stops every process of a cgroup where it stands, and lets it go on: `pause` and `resume`.
 *
 * v1: freezer.state goes THAWED → FREEZING → FROZEN; forks may keep it in FREEZING, so the state
 * is written again, with a thaw now and then. v2: cgroup.freeze, and `frozen 1` in cgroup.events.
 * Both waits are bounded; a freeze that fails is undone, or the container would stay half stopped.
 * Kernel: cgroup-v1/freezer-subsystem.rst, cgroup-v2.rst.
 */
import { parseFlatKeyed } from '#parts/cgroups/keyed.ts';
import { CgroupError } from '../errors.ts';
import { readOptional, readValue, writeValue } from '../files.ts';
import type { CgroupPaths } from '../paths.ts';
import { sleepSync } from '../sleep.ts';

const ATTEMPTS = 1000;

/** Freezes and waits until all stand still. Errors: `CGROUP_FREEZE`, after a few seconds at most. */
export function freeze(paths: CgroupPaths): void {
  const { directory, version } = freezerOf(paths);
  try {
    if (version === 1) freezeVersionOne(directory);
    else freezeVersionTwo(directory);
  } catch (error) {
    undoFreeze(paths);
    throw error;
  }
}

/** What made the freeze fail may keep it from being undone; the first error is the one that tells. */
function undoFreeze(paths: CgroupPaths): void {
  try {
    thaw(paths);
  } catch {
    // The cgroup is gone, most likely.
  }
}

/** Lets everything go on. */
export function thaw(paths: CgroupPaths): void {
  const { directory, version } = freezerOf(paths);
  if (version === 1) writeValue(`${directory}/freezer.state`, 'THAWED');
  else writeValue(`${directory}/cgroup.freeze`, '0');
}

/** Whether this cgroup itself was frozen, not merely one above it. Without a freezer: no. */
export function isFrozen(paths: CgroupPaths): boolean {
  if (paths.freezer !== undefined) {
    return readOptional(`${paths.freezer}/freezer.self_freezing`) === '1';
  }
  if (paths[''] === undefined) return false;
  return readOptional(`${paths['']}/cgroup.freeze`) === '1';
}

/** Whether there is anything to freeze with. */
export function hasFreezer(paths: CgroupPaths): boolean {
  return paths.freezer !== undefined || paths[''] !== undefined;
}

function freezerOf(paths: CgroupPaths): { directory: string; version: 1 | 2 } {
  if (paths.freezer !== undefined) return { directory: paths.freezer, version: 1 };
  if (paths[''] !== undefined) return { directory: paths[''], version: 2 };
  const message =
    'cannot toggle freezer: the container has no freezer cgroup; mount one, or run as root';
  throw new CgroupError('CGROUP_NO_CONTROLLER', message, { controller: 'freezer' });
}

function freezeVersionOne(directory: string): void {
  const file = `${directory}/freezer.state`;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    writeValue(file, 'FROZEN');
    if (readValue(file) === 'FROZEN') return;
    if (attempt % 25 === 0) sleepSync(1);
    if (attempt % 50 === 0) {
      // New processes keep appearing: let them come out of fork before the next try.
      writeValue(file, 'THAWED');
      sleepSync(10);
    }
  }
  throw freezeError(file);
}

function freezeVersionTwo(directory: string): void {
  writeValue(`${directory}/cgroup.freeze`, '1');
  const file = `${directory}/cgroup.events`;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (parseFlatKeyed(readOptional(file)).frozen === 1n) return;
    sleepSync(attempt < 20 ? 1 : 10);
  }
  throw freezeError(file);
}

function freezeError(file: string): CgroupError {
  const message = `unable to freeze: ${file} never showed it; a process is stuck in the kernel or forks without end; kill the container instead`;
  return new CgroupError('CGROUP_FREEZE', message, { controller: 'freezer', file });
}
