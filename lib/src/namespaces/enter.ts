/** Entering the namespaces of a running process, as `exec` does. */
import { readlinkSync } from 'node:fs';
import { NAMESPACE_KINDS, type NamespaceKind } from './kinds.ts';
import type { CgroupPlaces } from './cgroups.ts';

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

/** A PID or time namespace is entered only by children born after setns(2). */
export function forksToEnter(kinds: readonly NamespaceKind[]): boolean {
  return kinds.some(({ type }) => type === 'pid' || type === 'time');
}
