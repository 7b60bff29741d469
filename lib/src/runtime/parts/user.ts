/** Exercise 04.4: from root to the user of the config, without losing capabilities on the way. */
import type { Process } from '../../oci/index.ts';
import { bytes, PR_SET_KEEPCAPS, type Block, type SyscallProgram } from '../../sys/index.ts';

// #region exercise-04-4
/**
 * Appends what makes the process the user of its config (config.md, "User"; credentials(7)):
 *
 *     keep capabilities  →  setgroups  →  setresgid  →  setresuid  →  keep no longer  →  umask
 *
 * The user comes last of the three: with user id 0 goes the right to change groups. It would take
 * the permitted capabilities along, if PR_SET_KEEPCAPS were not 1 at that moment (prctl(2), which is
 * called with all five arguments); they are set to what the config says later.
 *
 * - setgroups(2) gets `additionalGids` as an array of 4-byte ids, in their order. It is called for
 *   none as well (a length of 0), or the groups of the runtime would stay.
 * - Group and user: the real, the effective and the saved id, all three.
 * - `umask`: the config's, also when that is 0; 022 when it has none.
 * - In a user namespace that an ordinary user has mapped, nobody may call setgroups(2)
 *   (user_namespaces(7)). With `mayBeDenied` its EPERM is tolerated, but only if no additional groups
 *   are asked for. No other failure is tolerated.
 *
 * The origin of all calls is `/process/user`.
 */
export function appendUser(
  program: SyscallProgram,
  { user }: Process,
  options: { mayBeDenied: boolean },
): void {
  program.from('/process/user', () => {
    program.call('prctl', [PR_SET_KEEPCAPS, 1, 0, 0, 0]);
    const groups = user.additionalGids ?? [];
    const tolerate =
      options.mayBeDenied && groups.length === 0 ? { tolerate: 'EPERM' as const } : {};
    program.call('setgroups', [groups.length, groupList(groups)], tolerate);
    program.call('setresgid', [user.gid, user.gid, user.gid]);
    program.call('setresuid', [user.uid, user.uid, user.uid]);
    program.call('prctl', [PR_SET_KEEPCAPS, 0, 0, 0, 0]);
    program.call('umask', [user.umask ?? 0o022]);
  });
}

function groupList(groups: readonly number[]): Block {
  const list = Buffer.alloc(Math.max(groups.length, 1) * 4);
  for (const [index, group] of groups.entries()) list.writeUInt32LE(group, index * 4);
  return bytes(list, `[${groups.join(', ')}]`);
}
// #endregion exercise-04-4
