/** Exercise 01.2: entering namespaces that somebody else has made, by descriptor. */
import type { SyscallProgram } from '../../sys/index.ts';
import { appendBecomeRoot } from '../become-root.ts';
import type { NamespacePlan } from '../plan.ts';

// #region exercise-01-2
/**
 * Appends one setns(2) for each entry of `plan.join`, with the flag of its kind. The entry's `source`
 * is the origin of the call (an option of `program.call`).
 *
 * The user namespace comes last: entering the others takes CAP_SYS_ADMIN in the user namespace that
 * owns them, mostly the host's, and that right is gone once the process is in another one. With
 * `userFirst` it comes first: an ordinary user has no rights until it has joined. The others keep
 * the order of the plan.
 *
 * Directly after the user namespace's setns the process becomes root there
 * ({@link appendBecomeRoot}).
 *
 * @param joinFds a descriptor for each entry of `plan.join`, in its order.
 */
export function appendJoins(
  program: SyscallProgram,
  plan: NamespacePlan,
  joinFds: readonly number[],
  userFirst: boolean,
): void {
  const entries = plan.join.map((entry, index) => ({ ...entry, fd: joinFds[index] ?? -1 }));
  const user = entries.filter(({ kind }) => kind.type === 'user');
  const others = entries.filter(({ kind }) => kind.type !== 'user');
  for (const { fd, kind, source } of userFirst ? [...user, ...others] : [...others, ...user]) {
    program.call('setns', [fd, kind.flag], { source });
    if (kind.type === 'user') appendBecomeRoot(program);
  }
}
// #endregion exercise-01-2
