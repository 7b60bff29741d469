/** Exercise 02.7: a signal to everyone, so that nobody forks its way out between two looks. */
import type { KillTarget } from '../kill-target.ts';

// #region exercise-02-7
/**
 * Sends `signal` to all processes of the container. Does not wait for them to be gone. cgroups(7),
 * kill(2); the kernel's cgroup-v2.rst, "cgroup.kill", and cgroup-v1/freezer-subsystem.rst.
 *
 * - SIGKILL, be it given by name or as 9: if `target.killAtOnce()` does it, that is all.
 * - Otherwise freeze, list, send to each, thaw: nobody forks while frozen, and the signals are delivered
 *   at the thaw. It is thawed whatever happens, an error of `send` included.
 * - A container that was frozen before is paused by its user. It is not frozen again, and it stays
 *   frozen; except that SIGKILL thaws it, so that it can die.
 * - Where it will not freeze (`freeze` is false), list and send to those that have not been sent to yet,
 *   again and again, until a list brings nobody new; at most 20 times, since a fork bomb may be quicker.
 */
export function killAll(target: KillTarget, signal: NodeJS.Signals | number): void {
  const deadly = signal === 'SIGKILL' || signal === 9;
  if (deadly && target.killAtOnce()) return;
  const wasFrozen = target.isFrozen();
  if (!wasFrozen && !target.freeze()) {
    signalUntilQuiet(target, signal);
    return;
  }
  try {
    for (const pid of target.processes()) target.send(pid, signal);
  } finally {
    if (deadly || !wasFrozen) target.thaw();
  }
}

const ROUNDS = 20;

function signalUntilQuiet(target: KillTarget, signal: NodeJS.Signals | number): void {
  const signalled = new Set<number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const fresh = target.processes().filter((pid) => !signalled.has(pid));
    if (fresh.length === 0) return;
    for (const pid of fresh) {
      target.send(pid, signal);
      signalled.add(pid);
    }
  }
}
// #endregion exercise-02-7
