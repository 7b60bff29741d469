/** Exercise 01.5: a program that forks goes on as its own child. */
import {
  CLONE_PARENT,
  noticeWithValue,
  NOTICE_SIZE,
  SIGCHLD,
  type Block,
  type SyscallProgram,
} from '../../sys/index.ts';
import { NOTICE_FORKED } from '../notices.ts';

// #region exercise-01-5
/**
 * The process goes on as its own child, and tells the parent the child's PID.
 *
 * CLONE_PARENT makes the child a sibling: the parent can wait for it although it did not fork it;
 * SIGCHLD tells the parent of its end. The child keeps the stack: the other arguments are null.
 *
 * The PID that clone(2) returns is stored into the notice ({@link NOTICE_FORKED}) that the old
 * process then sends, before it ends with status 0. The child, to whom clone returns 0, skips both.
 *
 * @param cloneArgs `struct clone_args`, when the child is to be born into a cgroup: then it is
 *   clone3(2) with that structure and its size, which has the flags in it.
 */
export function appendFork(
  program: SyscallProgram,
  controlFd: number,
  cloneArgs: Block | undefined,
): void {
  const notice = noticeWithValue(NOTICE_FORKED);
  const options = { storeAt: notice.value };
  const child =
    cloneArgs === undefined
      ? program.call('clone', [CLONE_PARENT | SIGCHLD, null, null, null, null], options)
      : program.call('clone3', [cloneArgs, cloneArgs.size], options);
  program.skipWhen(child, 'zero', () => {
    program.call('write', [controlFd, notice.block, NOTICE_SIZE]);
    program.call('exit_group', [0]);
  });
}
// #endregion exercise-01-5
