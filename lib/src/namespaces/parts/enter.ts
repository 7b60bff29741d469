/** Exercise 01.7: into all namespaces of a running process at once, as `exec` does. */
import { appendFork } from '#parts/namespaces/fork.ts';
import type { SyscallProgram } from '../../sys/index.ts';
import { appendBecomeRoot } from '../become-root.ts';
import { appendJoinCgroups, appendOpenCgroups } from '../cgroups.ts';
import { forksToEnter, type EnterTarget } from '../enter.ts';
import type { NamespaceKind } from '../kinds.ts';
import { appendSetns } from '../setns.ts';

// #region exercise-01-7
/**
 * Appends what brings a process into the namespaces of another:
 *
 *     open the cgroups  →  setns by pidfd  →  root, if it entered a user namespace
 *     →  fork, if it must  →  into the cgroups  →  setns by the cgroup namespace's own descriptor
 *
 * One setns(2) by pidfd enters all the kinds at once, or none (Linux 5.8); without kinds there is
 * none. With `cgroupNamespaceFd` the cgroup namespace is not among them: it is entered last, if it is
 * in `kinds`, by that descriptor, which is closed in any case. A fork is needed for a PID or time
 * namespace (`forksToEnter`), and to be born into a cgroup (`cgroups.into`).
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
  if (kinds.some(({ type }) => type === 'user')) appendBecomeRoot(program);
  if (forksToEnter(kinds) || cgroups.into !== undefined) {
    appendFork(program, controlFd, opened.cloneArgs);
  }
  appendJoinCgroups(program, controlFd, opened);
  if (cgroupNamespaceFd === undefined) return;
  appendSetns(program, cgroupNamespaceFd, kinds.filter(isLate));
  program.call('close', [cgroupNamespaceFd]);
}
// #endregion exercise-01-7
