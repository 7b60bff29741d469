/** Entering the namespaces of a running process, as `exec` does. */
import { readlinkSync } from 'node:fs';
import type { SyscallProgram } from '../sys/index.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from './kinds.ts';
import { appendFork, appendJoinCgroups, appendOpenCgroups, type CgroupPlaces } from './fork.ts';

/**
 * The kinds in which process `pid` is elsewhere than this process.
 *
 * Only these may be entered: setns(2) refuses the caller's own user namespace with EINVAL.
 */
export function foreignNamespaces(pid: number): NamespaceKind[] {
  return NAMESPACE_KINDS.filter(
    ({ file }) => readlinkSync(`/proc/${pid}/ns/${file}`) !== readlinkSync(`/proc/self/ns/${file}`),
  );
}

/** Whom to enter, and how. */
export interface EnterTarget {
  readonly pidfd: number;
  readonly kinds: readonly NamespaceKind[];
  readonly controlFd: number;
  readonly cgroups: CgroupPlaces;
  /**
   * The cgroup namespace, to be entered when the process is in its cgroups: where the hierarchy is
   * mounted with `nsdelegate`, as systemd does, nobody in a cgroup namespace may bring a process in
   * from outside of it (ENOENT; cgroups(7)). A descriptor of its own, since behind the user namespace
   * the pidfd of a process that is not dumpable opens nothing more (ptrace(2)).
   */
  readonly cgroupNamespaceFd?: number | undefined;
}

/**
 * Appends one setns(2) by pidfd that enters the given kinds at once (Linux 5.8), then a fork if the
 * PID or time namespace is among them, and the joining of cgroups.
 *
 * The calling process is single-threaded, without which user and mount namespaces are refused.
 */
export function appendEnter(program: SyscallProgram, target: EnterTarget): void {
  const { pidfd, kinds, controlFd, cgroups, cgroupNamespaceFd } = target;
  const opened = appendOpenCgroups(program, cgroups);
  const isLate = ({ type }: NamespaceKind): boolean =>
    type === 'cgroup' && cgroupNamespaceFd !== undefined;
  appendSetns(
    program,
    pidfd,
    kinds.filter((kind) => !isLate(kind)),
  );
  if (kinds.some(({ type }) => type === 'user')) {
    program.call('setresgid', [0, 0, 0], { tolerate: 'EINVAL' });
    program.call('setresuid', [0, 0, 0], { tolerate: 'EINVAL' });
  }
  if (forksToEnter(kinds) || cgroups.into !== undefined) {
    appendFork(program, controlFd, opened.cloneArgs);
  }
  appendJoinCgroups(program, controlFd, opened);
  if (cgroupNamespaceFd === undefined) return;
  appendSetns(program, cgroupNamespaceFd, kinds.filter(isLate));
  program.call('close', [cgroupNamespaceFd]);
}

function appendSetns(program: SyscallProgram, fd: number, kinds: readonly NamespaceKind[]): void {
  if (kinds.length === 0) return;
  const flags = kinds.reduce((all, kind) => all | kind.flag, 0);
  program.call('setns', [fd, flags], { source: 'the namespaces of the container' });
}

/** A PID or time namespace is entered only by children born after setns(2). */
export function forksToEnter(kinds: readonly NamespaceKind[]): boolean {
  return kinds.some(({ type }) => type === 'pid' || type === 'time');
}
