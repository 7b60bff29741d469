/**
 * Namespaces as operations of the container's program.
 *
 *     join what a path names  →  user namespace, mapped by the parent  →  the other new ones
 *     →  time offsets  →  fork, if a PID or time namespace or a version 2 cgroup is to be entered
 *     →  cgroups  →  cgroup namespace
 *
 * Joining comes first while the process still has its privileges over the host; the user namespace
 * comes before the other new ones so that it owns them (user_namespaces(7)).
 */
import type { LinuxTimeOffsets } from '../oci/index.ts';
import {
  AT_FDCWD,
  CLONE_NEWUSER,
  notify,
  O_CLOEXEC,
  O_WRONLY,
  PR_SET_DUMPABLE,
  space,
  type SyscallProgram,
} from '../sys/index.ts';
import { appendFork, appendJoinCgroups, appendOpenCgroups, type CgroupPlaces } from './fork.ts';
import type { NamespaceKind } from './kinds.ts';
import { creates, separates, timeOffsetsText, type NamespacePlan } from './plan.ts';

/** The child waits until its user namespace has mappings. */
export const NOTICE_MAPPINGS = 1;
/** What the operations need beside the plan. */
export interface NamespaceProgramOptions {
  readonly controlFd: number;
  /** A descriptor for each entry of `plan.join`, in its order. */
  readonly joinFds: readonly number[];
  /** Join the user namespace before the others: an unprivileged user has no rights until then. */
  readonly userFirst?: boolean;
  readonly timeOffsets?: LinuxTimeOffsets;
  readonly cgroups?: CgroupPlaces;
}

/** Appends everything that puts the child into its namespaces. */
export function appendNamespaces(
  program: SyscallProgram,
  plan: NamespacePlan,
  options: NamespaceProgramOptions,
): void {
  const { controlFd, cgroups = NO_CGROUPS } = options;
  const opened = appendOpenCgroups(program, cgroups);
  appendJoins(program, plan, options);
  if (creates(plan, 'user')) appendUserNamespace(program, controlFd);
  appendUnshare(
    program,
    plan.create.filter(({ type }) => type !== 'user' && type !== 'cgroup'),
  );
  if (options.timeOffsets !== undefined && creates(plan, 'time')) {
    appendTimeOffsets(program, options.timeOffsets, separates(plan, 'user'));
  }
  if (mustFork(plan, cgroups)) appendFork(program, controlFd, opened.cloneArgs);
  appendJoinCgroups(program, controlFd, opened);
  // A new cgroup namespace has for its root the cgroup that the process is in.
  appendUnshare(
    program,
    plan.create.filter(({ type }) => type === 'cgroup'),
  );
}

const NO_CGROUPS: CgroupPlaces = { files: [], into: undefined };

/** Whether the program replaces its process by a child, and so sends {@link NOTICE_FORKED}. */
export function mustFork(plan: NamespacePlan, { into }: CgroupPlaces): boolean {
  return plan.mustFork || into !== undefined;
}

function appendUnshare(program: SyscallProgram, kinds: readonly NamespaceKind[]): void {
  if (kinds.length === 0) return;
  const flags = kinds.reduce((all, kind) => all | kind.flag, 0);
  program.from('/linux/namespaces', () => program.call('unshare', [flags]));
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

/**
 * The files in /proc of a process that is not dumpable belong to the host's root, whom a process
 * in another user namespace is not (proc(5)). It is dumpable while it is in no PID namespace from
 * which a container could see it.
 */
function appendTimeOffsets(
  program: SyscallProgram,
  offsets: LinuxTimeOffsets,
  inUserNamespace: boolean,
): void {
  const text = timeOffsetsText(offsets);
  if (text === '') return;
  program.from('/linux/timeOffsets', () => {
    if (inUserNamespace) program.call('prctl', [PR_SET_DUMPABLE, 1, 0, 0, 0]);
    const file = program.call('openat', [
      AT_FDCWD,
      '/proc/self/timens_offsets',
      O_WRONLY | O_CLOEXEC,
      0,
    ]);
    program.call('write', [file, text, Buffer.byteLength(text)]);
    program.call('close', [file]);
    if (inUserNamespace) program.call('prctl', [PR_SET_DUMPABLE, 0, 0, 0, 0]);
  });
}
