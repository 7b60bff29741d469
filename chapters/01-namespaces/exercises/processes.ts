/**
 * Real processes for the drivers: runs a program, does the parent's part, and returns when the
 * process waits at the program's end. It lives as long as the learner's process does.
 */
import { NOTICE_FORKED, NOTICE_MAPPINGS, writeIdMappings } from 'coracle/namespaces';
import {
  notify,
  ProgramError,
  socketpair,
  space,
  spawnProgram,
  SyscallProgram,
  waitForExit,
  type ProgramProcess,
} from 'coracle/sys';

/** Appends what is tried; `controlFd` is the program's end of the control socket. */
export type Append = (program: SyscallProgram, controlFd: number) => void;

export interface Outcome {
  /** The process that came to the end. */
  readonly pid?: number;
  /** The operation that failed, without numbers that differ from run to run. */
  readonly failed?: string;
}

const NOTICE_READY = 100;
const MAPPINGS = [{ containerID: 0, hostID: 100_000, size: 1000 }];
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
    const call = error.call.replace(/\(\d+/, '(FD');
    return { failed: `operation ${error.index}  ${call}: ${error.code}` };
  }
}

/** The new process may say that it is ready before the old one has told its PID. */
function awaitReady(child: ProgramProcess, forks: boolean): void {
  let ready = false;
  let told = !forks;
  while (!ready || !told) {
    const notice = child.receive();
    if (notice === undefined) throw new Error('the process ended before it was ready');
    if (notice.tag === NOTICE_READY) ready = true;
    if (notice.tag === NOTICE_MAPPINGS) {
      writeIdMappings(child.pid, { uid: MAPPINGS, gid: MAPPINGS });
      child.send();
    }
    if (notice.tag === NOTICE_FORKED) {
      waitForExit(child.pid);
      child.pid = notice.value;
      told = true;
    }
  }
}
