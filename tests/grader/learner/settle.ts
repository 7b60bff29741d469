/**
 * Real processes for the drivers of kernel checks: runs a program, does the parent's part, and
 * returns when the process waits at the program's end. It lives as long as the learner's process.
 */
import { ForkFollower, NOTICE_MAPPINGS, writeIdMappings } from 'coracle/namespaces';
import {
  notify,
  ProgramError,
  socketpair,
  space,
  spawnProgram,
  SyscallProgram,
  type ProgramProcess,
} from 'coracle/sys';

/** Appends what is tried; `controlFd` is the program's end of the control socket. */
export type Append = (program: SyscallProgram, controlFd: number) => void;

export interface Outcome {
  /** The process that came to the end, and waits there. */
  readonly pid?: number;
  /** The operation that failed, without numbers that differ from run to run. */
  readonly failed?: string;
}

const NOTICE_READY = 100;
/** Whom a new user namespace maps: root inside is 100000 outside. */
const MAPPINGS = [{ containerID: 0, hostID: 100_000, size: 1000 }];
/** Kept, so that the control sockets stay open. */
const running: ProgramProcess[] = [];

/** @param keep descriptors that the program uses. */
export function settle(append: Append, keep: readonly number[] = []): Outcome {
  const [control, childControl] = socketpair();
  const program = new SyscallProgram();
  append(program, childControl.fd);
  notify(program, childControl.fd, NOTICE_READY);
  program.call('read', [childControl.fd, space(8), 8]);
  const child = spawnProgram(program, { control, childControl, keep, name: 'exercise' });
  running.push(child);
  const forks = program.operations.some(({ name }) => name === 'clone' || name === 'clone3');
  try {
    awaitReady(child, forks);
    return { pid: child.pid };
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    const call = error.call.replace(/^setns\(\d+/, 'setns(FD');
    return { failed: `operation ${error.index}  ${call}: ${error.code}` };
  }
}

function awaitReady(child: ProgramProcess, forks: boolean): void {
  const follower = new ForkFollower(child, forks);
  for (;;) {
    const notice = follower.receive();
    if (notice === undefined) throw new Error('the process ended before it was ready');
    if (notice.tag === NOTICE_READY) return;
    if (notice.tag !== NOTICE_MAPPINGS) continue;
    writeIdMappings(child.pid, { uid: MAPPINGS, gid: MAPPINGS });
    child.send();
  }
}
