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

/**
 * Appends one setns(2) by pidfd that enters the given kinds at once (Linux 5.8), then a fork if the
 * PID or time namespace is among them, and the joining of cgroups.
 *
 * The cgroup namespace comes last: with the mount option nsdelegate, which systemd sets, no process
 * inside of one may be moved or born across its border (cgroups(7), "Delegation").
 *
 * The calling process is single-threaded, without which user and mount namespaces are refused.
 */
export function appendEnter(
  program: SyscallProgram,
  target: {
    pidfd: number;
    kinds: readonly NamespaceKind[];
    controlFd: number;
    cgroups: CgroupPlaces;
  },
): void {
  const { pidfd, kinds, controlFd, cgroups } = target;
  const opened = appendOpenCgroups(program, cgroups);
  const isCgroup = ({ type }: NamespaceKind): boolean => type === 'cgroup';
  const isOther = (kind: NamespaceKind): boolean => !isCgroup(kind);
  appendSetns(program, pidfd, kinds.filter(isOther));
  if (kinds.some(({ type }) => type === 'user')) {
    program.call('setresgid', [0, 0, 0], { tolerate: 'EINVAL' });
    program.call('setresuid', [0, 0, 0], { tolerate: 'EINVAL' });
  }
  if (forksToEnter(kinds) || cgroups.into !== undefined) {
    appendFork(program, controlFd, opened.cloneArgs);
  }
  appendJoinCgroups(program, opened);
  appendSetns(program, pidfd, kinds.filter(isCgroup));
}

function appendSetns(
  program: SyscallProgram,
  pidfd: number,
  kinds: readonly NamespaceKind[],
): void {
  const flags = kinds.reduce((all, kind) => all | kind.flag, 0);
  if (flags === 0) return;
  program.call('setns', [pidfd, flags], { source: 'the namespaces of the container' });
}

/** A PID or time namespace is entered only by children born after setns(2). */
export function forksToEnter(kinds: readonly NamespaceKind[]): boolean {
  return kinds.some(({ type }) => type === 'pid' || type === 'time');
}
