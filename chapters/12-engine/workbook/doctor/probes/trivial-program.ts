import { socketpair, spawnProgram, SyscallProgram } from 'coracle/sys';

/** Runs the shortest program there is the way every container is started. Throws SyscallError. */
export function runTrivialProgram(): void {
  const [control, childControl] = socketpair();
  const program = new SyscallProgram();
  program.call('exit_group', [0]);
  using child = spawnProgram(program, { control, childControl, keep: [], name: 'coracle-doctor' });
  try {
    child.receive();
  } finally {
    child.wait();
  }
}
