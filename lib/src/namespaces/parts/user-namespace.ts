/** Exercise 01.4: a new user namespace, which waits for its maps. */
import {
  CLONE_NEWUSER,
  notify,
  PR_SET_DUMPABLE,
  space,
  type SyscallProgram,
} from '../../sys/index.ts';
import { appendBecomeRoot } from '../become-root.ts';
import { NOTICE_MAPPINGS } from '../notices.ts';

// #region exercise-01-4
/**
 * Appends what makes a user namespace and becomes root in it:
 *
 *     unshare  →  dumpable  →  tell the parent  →  wait for it  →  not dumpable  →  root
 *
 * Only the parent can write the maps, and only once the namespace is there: so the program sends
 * {@link NOTICE_MAPPINGS}, and reads 8 bytes from the control socket, where the end of the file
 * (0 bytes: the parent is gone) is a failure. A parent without privileges may write the maps only of
 * a process that is dumpable (proc(5)); it is so for no longer than that (prctl(2), PR_SET_DUMPABLE).
 *
 * The origin of all operations (`program.from`) is `/linux/namespaces`.
 */
export function appendUserNamespace(program: SyscallProgram, controlFd: number): void {
  program.from('/linux/namespaces', () => {
    program.call('unshare', [CLONE_NEWUSER]);
    program.call('prctl', [PR_SET_DUMPABLE, 1, 0, 0, 0]);
    notify(program, controlFd, NOTICE_MAPPINGS);
    program.call('read', [controlFd, space(8), 8], { zeroIsFailure: true });
    program.call('prctl', [PR_SET_DUMPABLE, 0, 0, 0, 0]);
    appendBecomeRoot(program);
  });
}
// #endregion exercise-01-4
