/**
 * Namespaces as operations of the container's program.
 *
 *     join what a path names  →  user namespace, mapped by the parent  →  the other new ones
 *     →  time offsets  →  fork, if a PID or time namespace is to be entered
 *
 * Joining comes first while the process still has its privileges over the host; the user namespace
 * comes before the other new ones so that it owns them (user_namespaces(7)).
 */
import type { LinuxTimeOffsets } from '../oci/index.ts';
import {
  AT_FDCWD,
  CLONE_NEWUSER,
  CLONE_PARENT,
  noticeWithValue,
  NOTICE_SIZE,
  notify,
  O_CLOEXEC,
  O_WRONLY,
  PR_SET_DUMPABLE,
  SIGCHLD,
  space,
  type SyscallProgram,
} from '../sys/index.ts';
import { creates, timeOffsetsText, type NamespacePlan } from './plan.ts';

/** The child waits until its user namespace has mappings. */
export const NOTICE_MAPPINGS = 1;
/** The process that makes the namespaces is replaced by its child; the value is the child's PID. */
export const NOTICE_FORKED = 2;

export interface NamespaceProgramOptions {
  readonly controlFd: number;
  /** A descriptor for each entry of `plan.join`, in its order. */
  readonly joinFds: readonly number[];
  /** Join the user namespace before the others: an unprivileged user has no rights until then. */
  readonly userFirst?: boolean;
  readonly timeOffsets?: LinuxTimeOffsets;
}

/** Appends everything that puts the child into its namespaces. */
export function appendNamespaces(
  program: SyscallProgram,
  plan: NamespacePlan,
  options: NamespaceProgramOptions,
): void {
  appendJoins(program, plan, options);
  if (creates(plan, 'user')) appendUserNamespace(program, options.controlFd);
  const rest = plan.create.filter(({ type }) => type !== 'user');
  if (rest.length > 0) {
    program.from('/linux/namespaces', () =>
      program.call('unshare', [rest.reduce((flags, kind) => flags | kind.flag, 0)]),
    );
  }
  if (options.timeOffsets !== undefined && creates(plan, 'time')) {
    appendTimeOffsets(program, options.timeOffsets);
  }
  if (plan.mustFork) appendFork(program, options.controlFd);
}

/**
 * The process goes on as its own child, and tells the parent the child's PID.
 *
 * CLONE_PARENT makes the child a sibling: the parent can wait for it although it did not fork it.
 */
export function appendFork(program: SyscallProgram, controlFd: number): void {
  const notice = noticeWithValue(NOTICE_FORKED);
  const child = program.call('clone', [CLONE_PARENT | SIGCHLD, null, null, null, null], {
    storeAt: notice.value,
  });
  program.skipWhen(child, 'zero', () => {
    program.call('write', [controlFd, notice.block, NOTICE_SIZE]);
    program.call('exit_group', [0]);
  });
}

function appendJoins(
  program: SyscallProgram,
  plan: NamespacePlan,
  { joinFds, userFirst = false }: NamespaceProgramOptions,
): void {
  const entries = plan.join.map((entry, index) => ({ ...entry, fd: joinFds[index] ?? -1 }));
  const isUser = (entry: { kind: { type: string } }): boolean => entry.kind.type === 'user';
  const user = entries.filter(isUser);
  const others = entries.filter((entry) => !isUser(entry));
  for (const { fd, kind, source } of userFirst ? [...user, ...others] : [...others, ...user]) {
    program.call('setns', [fd, kind.flag], { source });
    if (kind.type === 'user') appendBecomeRoot(program);
  }
}

function appendUserNamespace(program: SyscallProgram, controlFd: number): void {
  program.from('/linux/namespaces', () => {
    program.call('unshare', [CLONE_NEWUSER]);
    // An unprivileged parent may write the maps only of a dumpable process (proc(5)).
    program.call('prctl', [PR_SET_DUMPABLE, 1, 0, 0, 0]);
    notify(program, controlFd, NOTICE_MAPPINGS);
    program.call('read', [controlFd, space(8), 8], { zeroIsFailure: true });
    program.call('prctl', [PR_SET_DUMPABLE, 0, 0, 0, 0]);
    appendBecomeRoot(program);
  });
}

/** Root inside, where the mapping has a root; EINVAL where it has none. */
function appendBecomeRoot(program: SyscallProgram): void {
  program.call('setresgid', [0, 0, 0], { tolerate: 'EINVAL' });
  program.call('setresuid', [0, 0, 0], { tolerate: 'EINVAL' });
}

function appendTimeOffsets(program: SyscallProgram, offsets: LinuxTimeOffsets): void {
  const text = timeOffsetsText(offsets);
  if (text === '') return;
  program.from('/linux/timeOffsets', () => {
    const file = program.call('openat', [
      AT_FDCWD,
      '/proc/self/timens_offsets',
      O_WRONLY | O_CLOEXEC,
      0,
    ]);
    program.call('write', [file, text, Buffer.byteLength(text)]);
    program.call('close', [file]);
  });
}
