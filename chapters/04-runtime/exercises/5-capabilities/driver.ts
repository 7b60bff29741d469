/** Runs the learner's operations in a real process, which then waits to be looked at. */
import type { appendBoundingSet, appendCapabilities } from 'coracle/runtime';
import { notify, socketpair, space, spawnProgram, SyscallProgram } from 'coracle/sys';
import type { ProgramProcess } from 'coracle/sys';

interface Learner {
  readonly appendBoundingSet: typeof appendBoundingSet;
  readonly appendCapabilities: typeof appendCapabilities;
}

const READY = 100;

/** Kept, so that they live until the check has looked at them. */
const running: ProgramProcess[] = [];

export function become(
  learner: Learner,
  capabilities: Parameters<typeof appendCapabilities>[1],
): { pid?: number; failed?: string } {
  const [control, childControl] = socketpair();
  const program = new SyscallProgram();
  learner.appendBoundingSet(program, capabilities);
  learner.appendCapabilities(program, capabilities);
  notify(program, childControl.fd, READY);
  program.call('read', [childControl.fd, space(8), 8]);
  const options = { control, childControl, keep: [0, 1, 2], name: 'exercise' };
  const child = spawnProgram(program, options);
  running.push(child);
  try {
    return child.receive()?.tag === READY ? { pid: child.pid } : { failed: 'it ended' };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}
