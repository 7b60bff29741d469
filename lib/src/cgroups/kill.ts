/**
 * Signals everyone in a container, so that no process can fork its way out between two looks.
 *
 * SIGKILL where there is a version 2 cgroup: one write to cgroup.kill (Linux 5.14). Otherwise:
 * freeze, list, signal each, thaw. Without a freezer: list and signal until a list brings nobody
 * new. Signals to the frozen are delivered when they thaw. A cgroup that is gone has nobody.
 */
import { freeze, hasFreezer, isFrozen, thaw } from './controllers/freezer.ts';
import { errnoOf } from './errors.ts';
import { writeValue } from './files.ts';
import type { CgroupPaths } from './paths.ts';
import { listProcesses } from './processes.ts';

const ROUNDS = 20;

/** Sends `signal` to all processes below `paths`. Does not wait for them to be gone. kill(2). */
export function killAll(
  paths: CgroupPaths,
  members: string,
  signal: NodeJS.Signals | number,
): void {
  const deadly = signal === 'SIGKILL' || signal === 9;
  if (deadly && killUnified(paths)) {
    // On a hybrid host a process may have been moved out of the version 2 cgroup alone.
    for (const pid of listProcesses(members)) send(pid, signal);
    if (paths.freezer !== undefined && isFrozen(paths)) thaw(paths);
    return;
  }
  if (!hasFreezer(paths)) {
    signalUntilQuiet(members, signal);
    return;
  }
  const wasFrozen = isFrozen(paths);
  if (!wasFrozen && !tryFreeze(paths)) {
    signalUntilQuiet(members, signal);
    return;
  }
  try {
    for (const pid of listProcesses(members)) send(pid, signal);
  } finally {
    if (deadly || !wasFrozen) thaw(paths);
  }
}

/** False when it will not freeze, or was removed meanwhile: then there is a race to win, or nobody. */
function tryFreeze(paths: CgroupPaths): boolean {
  try {
    freeze(paths);
    return true;
  } catch {
    return false;
  }
}

/**
 * False where the kernel has no cgroup.kill, or there is no version 2 cgroup, or it is threaded:
 * no thread dies without its process, which may have others elsewhere.
 */
function killUnified(paths: CgroupPaths): boolean {
  if (paths[''] === undefined) return false;
  try {
    writeValue(`${paths['']}/cgroup.kill`, '1');
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTSUP'].includes(errnoOf(error) ?? '')) return false;
    throw error;
  }
}

function signalUntilQuiet(members: string, signal: NodeJS.Signals | number): void {
  const signalled = new Set<number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const fresh = listProcesses(members).filter((pid) => !signalled.has(pid));
    if (fresh.length === 0) return;
    for (const pid of fresh) {
      send(pid, signal);
      signalled.add(pid);
    }
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
