/** Runs the learner's operations in a real process, as far as the parent's part lets them go. */
import { notify, socketpair, space, spawnProgram, SyscallProgram } from 'coracle/sys';
import type { ProgramProcess } from 'coracle/sys';
import { NOTICE_MAPPINGS, writeIdMappings } from 'coracle/namespaces';

interface Learner {
  appendUserNamespace(program: SyscallProgram, controlFd: number): void;
}

const NOTICE_READY = 100;
const MAPPINGS = [{ containerID: 0, hostID: 100_000, size: 1000 }];

/** Kept, so that the process lives until the check has looked at it. */
const running: ProgramProcess[] = [];

/** Starts it, writes the maps when it asks for them, and returns its PID once it goes on. */
export function boot(learner: Learner): number {
  const child = start(learner, (program, controlFd) => {
    notify(program, controlFd, NOTICE_READY);
    program.call('read', [controlFd, space(8), 8]);
  });
  const first = child.receive();
  if (first?.tag !== NOTICE_MAPPINGS)
    throw new Error(`its first notice was ${first?.tag ?? 'none'}`);
  writeIdMappings(child.pid, { uid: MAPPINGS, gid: MAPPINGS });
  child.send();
  if (child.receive()?.tag !== NOTICE_READY) throw new Error('it did not go on');
  return child.pid;
}

/** Starts it, and closes the control socket instead of answering. Returns how it ended. */
export function abandon(learner: Learner): unknown {
  const child = start(learner, (program) => program.call('exit_group', [0]));
  child.receive();
  child[Symbol.dispose]();
  return child.wait();
}

type Append = (program: SyscallProgram, controlFd: number) => void;

function start(learner: Learner, appendRest: Append): ProgramProcess {
  const [control, childControl] = socketpair();
  const program = new SyscallProgram();
  learner.appendUserNamespace(program, childControl.fd);
  appendRest(program, childControl.fd);
  const child = spawnProgram(program, { control, childControl, keep: [0, 1, 2], name: 'exercise' });
  running.push(child);
  return child;
}
