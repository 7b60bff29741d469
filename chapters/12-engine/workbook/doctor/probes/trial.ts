/**
 * A list of system calls tried in a child that stands in namespaces of its own.
 *
 *     user namespace (if asked for, or without root) → mount namespace, cut off from the host's
 *     → a tmpfs over /tmp → the calls on trial → exit
 *
 * All that the calls make is in that tmpfs and in that mount namespace, and gone with the child.
 */
import {
  appendNamespaces,
  NOTICE_MAPPINGS,
  planNamespaces,
  writeIdMappings,
} from 'coracle/namespaces';
import {
  hasCode,
  MS_PRIVATE,
  MS_REC,
  ProgramError,
  socketpair,
  spawnProgram,
  SyscallError,
  SyscallProgram,
  type ProgramProcess,
} from 'coracle/sys';
import { no, unknown, YES, type Finding } from './finding.ts';

/** A place that is a tmpfs of the child's own. */
export const SCRATCH = '/tmp';

/** How to try. */
export interface TrialOptions {
  /** In a new user namespace, also as root. */
  readonly user?: boolean;
  /** A descriptor that the calls use. */
  readonly keep?: readonly number[];
}

/** Tries the calls that `build` appends. Not being able to prepare them is `unknown`. */
export function tryCalls(
  build: (program: SyscallProgram) => void,
  { user = false, keep = [] }: TrialOptions = {},
): Finding {
  const inUser = user || process.geteuid?.() !== 0;
  const [control, childControl] = socketpair();
  const program = new SyscallProgram();
  const types = inUser ? (['user', 'mount'] as const) : (['mount'] as const);
  const plan = planNamespaces(types.map((type) => ({ type })));
  appendNamespaces(program, plan, { controlFd: childControl.fd, joinFds: [] });
  program.call('mount', [null, '/', null, MS_REC | MS_PRIVATE, null]);
  program.call('mount', ['tmpfs', SCRATCH, 'tmpfs', 0, null]);
  const prepared = program.operations.length;
  build(program);
  program.call('exit_group', [0]);
  using child = spawnProgram(program, { control, childControl, keep, name: 'coracle-doctor' });
  try {
    follow(child);
    return YES;
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    const beforeTrial = !(error instanceof ProgramError) || error.index < prepared;
    return beforeTrial ? unknown(`could not be tried: ${error.message}`) : no(error.message);
  } finally {
    control.close();
    child.wait();
  }
}

/** Maps the user to root of its namespace when the child asks for it, and waits for the end. */
function follow(child: ProgramProcess): void {
  for (let notice = child.receive(); notice !== undefined; notice = child.receive()) {
    if (notice.tag !== NOTICE_MAPPINGS) continue;
    const own = (id: number | undefined) => [{ containerID: 0, hostID: id ?? 0, size: 1 }];
    writeIdMappings(child.pid, { uid: own(process.geteuid?.()), gid: own(process.getegid?.()) });
    sendIfThere(child);
  }
}

function sendIfThere(child: ProgramProcess): void {
  try {
    child.send();
  } catch (error) {
    if (!hasCode(error, 'EPIPE')) throw error;
  }
}
