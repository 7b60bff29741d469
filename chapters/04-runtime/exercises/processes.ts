/**
 * Real processes for the drivers. They live as long as the learner's process does, whose namespaces
 * (PID, mount) vanish with it: nothing that is mounted here needs to be removed.
 */
import { mkdirSync } from 'node:fs';
import {
  mount,
  MS_REC,
  MS_SHARED,
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
  /** The operation that failed, and why. */
  readonly failed?: string;
}

/** By this source are the mounts of a check found again among all others. */
export const SOURCE = 'exercise';
/** The place for them; whatever is there is hidden from the learner's process alone. */
export const PLACE = '/mnt';

const NOTICE_READY = 100;
/** Kept, so that the control sockets stay open. */
const running: ProgramProcess[] = [];

/** Runs the operations until the process waits at their end, or one fails. */
export function settle(append: Append): Outcome {
  const [control, childControl] = socketpair();
  const program = new SyscallProgram();
  append(program, childControl.fd);
  notify(program, childControl.fd, NOTICE_READY);
  program.call('read', [childControl.fd, space(8), 8]);
  const keep = [0, 1, 2];
  const child = spawnProgram(program, { control, childControl, keep, name: 'exercise' });
  running.push(child);
  try {
    if (child.receive()?.tag === NOTICE_READY) return { pid: child.pid };
    throw new Error('the process ended before it was ready');
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return { failed: `${error.index}  ${error.message}` };
  }
}

/** Mounts a new tmpfs; its directory is made. */
export function mountTmpfs(directory: string): void {
  mkdirSync(directory, { recursive: true });
  mount(SOURCE, directory, 'tmpfs', 0);
}

/** Makes the mounts of the learner's process shared, as those of a host with systemd are. */
export function shareMounts(): void {
  mount('none', '/', '', MS_REC | MS_SHARED);
}
