/** Exercise 04.7: the last steps, each of which takes away a right that the ones before it need. */
import { appendBoundingSet, appendCapabilities } from '#parts/runtime/capabilities.ts';
import { appendUser } from '#parts/runtime/user.ts';
import type { Process } from '../../oci/index.ts';
import type { SyscallProgram } from '../../sys/index.ts';
import {
  appendExecute,
  appendNoNewPrivileges,
  appendReady,
  appendSeccomp,
  appendWorkingDirectory,
} from '../program/execute.ts';
import type { LaunchOptions } from '../program/launch-options.ts';

// #region exercise-04-7
/**
 * Appends the end of a process's program, from the last operations of root to execve(2):
 *
 *     working directory  →  bounding set  →  user  →  capabilities  →  no_new_privs
 *     →  ready  →  [filter that notifies]  →  wait for start  →  [any other filter]
 *     →  capabilities again, if some were kept  →  execute
 *
 * - Each step but the wait is an `append…` function of this layer. The working directory may have to
 *   be made, by root. Dropping from the bounding set takes CAP_SETPCAP, which is not effective any
 *   more after the change of user.
 * - no_new_privs only if `process.noNewPrivileges` is true.
 * - A seccomp filter takes no_new_privs or CAP_SYS_ADMIN (seccomp(2)). Only where there is a filter
 *   but no no_new_privs is CAP_SYS_ADMIN kept, as an extra of `capabilities`; setting them again
 *   without it directly before `execute` takes it away.
 * - A filter is for the program, not for us: it comes as late as can be, after the wait for `start`.
 *   But one with a listener (`seccomp.notify`) comes before it: `create` must still be there, to pass
 *   the listener on.
 * - What `ready` returns, the parent's answer, is for `execute`.
 * - Without `waitForStart` there is no wait.
 */
export function appendLaunch(
  program: SyscallProgram,
  process: Process,
  options: LaunchOptions,
): void {
  const { controlFd, preserveFds, createCwd, mayBeDenied, seccomp, waitForStart } = options;
  const { capabilities, noNewPrivileges = false } = process;
  const keepsAdmin = seccomp !== undefined && !noNewPrivileges;
  appendWorkingDirectory(program, process.cwd, createCwd);
  appendBoundingSet(program, capabilities);
  appendUser(program, process, { mayBeDenied });
  appendCapabilities(program, capabilities, keepsAdmin ? ['CAP_SYS_ADMIN'] : []);
  if (noNewPrivileges) appendNoNewPrivileges(program);
  const reply = appendReady(program, controlFd);
  if (seccomp?.notify === true) appendSeccomp(program, seccomp, controlFd);
  waitForStart?.();
  if (seccomp?.notify === false) appendSeccomp(program, seccomp, controlFd);
  if (keepsAdmin) appendCapabilities(program, capabilities);
  appendExecute(program, process, reply, preserveFds);
}
// #endregion exercise-04-7
