/**
 * Namespaces as operations of the container's program.
 *
 *     join what a path names  →  user namespace, mapped by the parent  →  the other new ones
 *     →  time offsets  →  fork, if a PID or time namespace or a version 2 cgroup is to be entered
 *
 * Joining comes first while the process still has its privileges over the host; the user namespace
 * comes before the other new ones so that it owns them (user_namespaces(7)).
 */
import type { LinuxTimeOffsets } from '../oci/index.ts';
import {
  AT_FDCWD,
  CLONE_INTO_CGROUP,
  CLONE_NEWUSER,
  CLONE_PARENT,
  noticeWithValue,
  NOTICE_SIZE,
  notify,
  place,
  O_CLOEXEC,
  O_PATH,
  O_WRONLY,
  PR_SET_DUMPABLE,
  SIGCHLD,
  space,
  words,
  type OperationOptions,
  type Result,
  type SyscallProgram,
} from '../sys/index.ts';
import type { NamespaceKind } from './kinds.ts';
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
  /** A version 2 cgroup's directory for the child that the process forks: see {@link appendFork}. */
  readonly intoCgroup?: string;
}

/** Appends everything that puts the child into its namespaces. */
export function appendNamespaces(
  program: SyscallProgram,
  plan: NamespacePlan,
  options: NamespaceProgramOptions,
): void {
  appendJoins(program, plan, options);
  if (creates(plan, 'user')) appendUserNamespace(program, options.controlFd);
  const { intoCgroup } = options;
  // A new cgroup namespace takes the cgroup that the process is in for its root.
  const isLate = ({ type }: NamespaceKind): boolean =>
    type === 'cgroup' && intoCgroup !== undefined;
  appendUnshare(
    program,
    plan.create.filter((kind) => kind.type !== 'user' && !isLate(kind)),
  );
  if (options.timeOffsets !== undefined && creates(plan, 'time')) {
    appendTimeOffsets(program, options.timeOffsets);
  }
  if (mustFork(plan, intoCgroup)) appendFork(program, options.controlFd, intoCgroup);
  appendUnshare(program, plan.create.filter(isLate));
}

/** Whether the program replaces its process by a child, and so sends {@link NOTICE_FORKED}. */
export function mustFork(plan: NamespacePlan, intoCgroup: string | undefined): boolean {
  return plan.mustFork || intoCgroup !== undefined;
}

function appendUnshare(program: SyscallProgram, kinds: readonly NamespaceKind[]): void {
  if (kinds.length === 0) return;
  const flags = kinds.reduce((all, kind) => all | kind.flag, 0);
  program.from('/linux/namespaces', () => program.call('unshare', [flags]));
}

/**
 * The process goes on as its own child, and tells the parent the child's PID.
 *
 * CLONE_PARENT makes the child a sibling: the parent can wait for it although it did not fork it.
 *
 * @param intoCgroup a version 2 cgroup's directory in which the child is born (CLONE_INTO_CGROUP,
 *   Linux 5.7). Moving a process there later stops every fork and exit in the system for
 *   milliseconds (the kernel's cgroup_threadgroup_rwsem).
 */
export function appendFork(program: SyscallProgram, controlFd: number, intoCgroup?: string): void {
  const notice = noticeWithValue(NOTICE_FORKED);
  const options = { storeAt: notice.value };
  const child =
    intoCgroup === undefined
      ? program.call('clone', [CLONE_PARENT | SIGCHLD, null, null, null, null], options)
      : appendCloneInto(program, intoCgroup, options);
  program.skipWhen(child, 'zero', () => {
    program.call('write', [controlFd, notice.block, NOTICE_SIZE]);
    program.call('exit_group', [0]);
  });
}

/** clone3(2) with `struct clone_args`: 11 words, of which flags and cgroup are set. A sibling gets the exit signal of
 * its model, and clone3 refuses another. */
function appendCloneInto(
  program: SyscallProgram,
  directory: string,
  options: OperationOptions,
): Result {
  const flags = BigInt(CLONE_PARENT) | CLONE_INTO_CGROUP;
  const shown = `{flags=CLONE_PARENT|CLONE_INTO_CGROUP, cgroup=${directory}}`;
  const args = words([flags, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], shown);
  program.call('openat', [AT_FDCWD, directory, O_PATH | O_CLOEXEC, 0], {
    storeAt: place(args, 80),
    source: '/linux/cgroupsPath',
  });
  return program.call('clone3', [args, 88], options);
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
