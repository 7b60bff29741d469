/** Exercise 01.6: all of it, in the one order that works. */
import { appendFork } from '#parts/namespaces/fork.ts';
import { appendJoins } from '#parts/namespaces/join.ts';
import { appendUserNamespace } from '#parts/namespaces/user-namespace.ts';
import type { SyscallProgram } from '../../sys/index.ts';
import { appendJoinCgroups, appendOpenCgroups, NO_CGROUPS } from '../cgroups.ts';
import { creates, mustFork, separates, type NamespacePlan } from '../plan.ts';
import type { NamespaceProgramOptions } from '../program-options.ts';
import { appendTimeOffsets } from '../time-offsets.ts';
import { appendUnshare } from '../unshare.ts';

// #region exercise-01-6
/**
 * Appends everything that puts the child into its namespaces:
 *
 *     open the cgroups  →  join what a path names  →  new user namespace, mapped by the parent
 *     →  the other new ones  →  time offsets  →  fork, if it must  →  into the cgroups
 *     →  new cgroup namespace
 *
 * The cgroups are opened while the host's files can be seen. Joining needs the privileges over the
 * host. The user namespace comes before the other new ones, so that it owns them
 * (user_namespaces(7)); these are made by one call. Time offsets can be set until the first child is
 * born. A new cgroup namespace has for its root the cgroup that the process is in.
 *
 * Offsets are set only if they were asked for and the plan makes a time namespace; the process is in
 * a user namespace then if the plan makes or joins one. It must fork if the plan says so, or to be
 * born into a cgroup (`mustFork`). What `options` leaves out: `userFirst` is false, and there are
 * NO_CGROUPS.
 */
export function appendNamespaces(
  program: SyscallProgram,
  plan: NamespacePlan,
  options: NamespaceProgramOptions,
): void {
  const { controlFd, joinFds, userFirst = false, timeOffsets, cgroups = NO_CGROUPS } = options;
  const opened = appendOpenCgroups(program, cgroups);
  appendJoins(program, plan, joinFds, userFirst);
  if (creates(plan, 'user')) appendUserNamespace(program, controlFd);
  appendUnshare(
    program,
    plan.create.filter(({ type }) => type !== 'user' && type !== 'cgroup'),
  );
  if (timeOffsets !== undefined && creates(plan, 'time')) {
    appendTimeOffsets(program, timeOffsets, separates(plan, 'user'));
  }
  if (mustFork(plan, cgroups)) appendFork(program, controlFd, opened.cloneArgs);
  appendJoinCgroups(program, controlFd, opened);
  appendUnshare(
    program,
    plan.create.filter(({ type }) => type === 'cgroup'),
  );
}
// #endregion exercise-01-6
