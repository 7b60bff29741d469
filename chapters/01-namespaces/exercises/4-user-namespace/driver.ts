/** Runs the learner's operations in a real process, as far as the parent's part lets them go. */
import { socketpair, spawnProgram, SyscallProgram, type ExitStatus } from 'coracle/sys';
import { settle, type Outcome } from '../../../../tests/grader/learner/settle.ts';

interface Learner {
  appendUserNamespace(program: SyscallProgram, controlFd: number): void;
}

/** Starts it; the parent writes the maps when it is asked to. */
export function boot(learner: Learner): Outcome {
  return settle((program, controlFd) => learner.appendUserNamespace(program, controlFd));
}

/** Starts it, and closes the control socket instead of answering. Returns how it ended. */
export function abandon(learner: Learner): ExitStatus {
  const [control, childControl] = socketpair();
  const program = new SyscallProgram();
  learner.appendUserNamespace(program, childControl.fd);
  program.call('exit_group', [0]);
  const child = spawnProgram(program, { control, childControl, keep: [], name: 'exercise' });
  child.receive();
  child[Symbol.dispose]();
  return child.wait();
}
