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
 * The cgroup namespace comes after that: where the hierarchy is mounted with `nsdelegate`, as systemd
 * does, nobody in a cgroup namespace may bring a process in from outside of it (ENOENT; cgroups(7)).
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
  appendSetns(
    program,
    pidfd,
    kinds.filter(({ type }) => type !== 'cgroup'),
  );
  if (kinds.some(({ type }) => type === 'user')) {
    program.call('setresgid', [0, 0, 0], { tolerate: 'EINVAL' });
    program.call('setresuid', [0, 0, 0], { tolerate: 'EINVAL' });
  }
  if (forksToEnter(kinds) || cgroups.into !== undefined) {
    appendFork(program, controlFd, opened.cloneArgs);
  }
  appendJoinCgroups(program, controlFd, opened);
  appendSetns(
    program,
    pidfd,
    kinds.filter(({ type }) => type === 'cgroup'),
  );
}

function appendSetns(
  program: SyscallProgram,
  pidfd: number,
  kinds: readonly NamespaceKind[],
): void {
  if (kinds.length === 0) return;
  const flags = kinds.reduce((all, kind) => all | kind.flag, 0);
  program.call('setns', [pidfd, flags], { source: 'the namespaces of the container' });
}

/** A PID or time namespace is entered only by children born after setns(2). */
export function forksToEnter(kinds: readonly NamespaceKind[]): boolean {
  return kinds.some(({ type }) => type === 'pid' || type === 'time');
}
