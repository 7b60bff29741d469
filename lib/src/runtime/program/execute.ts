/** The last operations: what execve(2) must find, and execve(2). */
import type { Process } from '../../oci/index.ts';
import {
  AT_FDCWD,
  bytes,
  CLOSE_RANGE_CLOEXEC,
  NOTICE_SIZE,
  noticeWithValue,
  O_PATH,
  openInRoot,
  place,
  PR_SET_NO_NEW_PRIVS,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_MAGICLINKS,
  SECCOMP_SET_MODE_FILTER,
  space,
  words,
  type Argument,
  type Block,
  type SyscallProgram,
} from '../../sys/index.ts';
import { NOTICE } from '../context.ts';
import type { CompiledSeccomp } from '../seccomp/index.ts';
import { appendSendDescriptors } from './send.ts';
import { appendDirectories } from './target.ts';

/** What the parent fills in when it has seen the container's files: two C strings. */
export interface Reply {
  readonly block: Block;
}

/** Bytes for the program's path, then for `HOME=…`. */
export const REPLY_PATH_SIZE = 4096;
export const REPLY_SIZE = REPLY_PATH_SIZE + 4096;

/**
 * Changes to the working directory.
 *
 * Opened below the root with no magic links, so that `/proc/self/fd/N` cannot name a directory of
 * the host (CVE-2024-21626).
 *
 * @param create make it where it is missing, as `create` does; `exec` refuses a missing one.
 */
export function appendWorkingDirectory(
  program: SyscallProgram,
  cwd: string,
  create: boolean,
): void {
  program.from('/process/cwd', () => {
    const relative = cwd.replace(/^\/+/, '') || '.';
    const root = program.call('openat', [AT_FDCWD, '/', O_PATH, 0]);
    const resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    if (create) {
      const found = openInRoot(program, root, relative, O_PATH, { resolve, tolerate: 'ENOENT' });
      program.skipWhen(found, 'success', () => {
        const parent = appendDirectories(program, root, relative.split('/').filter(isName));
        program.call('close', [parent]);
      });
    }
    const directory = openInRoot(program, root, relative, O_PATH, { resolve });
    program.call('fchdir', [directory]);
    program.call('close', [directory]);
    program.call('close', [root]);
  });
}

function isName(component: string): boolean {
  return component !== '' && component !== '.';
}

/** Sends the container's root to the parent and waits for the path of the program to execute. */
export function appendReady(program: SyscallProgram, controlFd: number): Reply {
  const block = space(REPLY_SIZE);
  const root = program.call('openat', [AT_FDCWD, '/', O_PATH, 0]);
  appendSendDescriptors(program, controlFd, NOTICE.ready, [root]);
  program.call('close', [root]);
  program.call('read', [controlFd, block, REPLY_SIZE], { zeroIsFailure: true });
  return { block };
}

/** `prctl(PR_SET_NO_NEW_PRIVS, 1)`: from now on execve(2) gives nothing more (prctl(2)). */
export function appendNoNewPrivileges(program: SyscallProgram): void {
  program.call('prctl', [PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0], { source: '/process/noNewPrivileges' });
}

/**
 * Installs the filter (seccomp(2)); from here on every operation must pass it.
 *
 * With a listener, the number that its descriptor is going to have (the lowest free one) is told
 * beforehand, since any call after the filter could itself wait for the listener.
 */
export function appendSeccomp(
  program: SyscallProgram,
  seccomp: CompiledSeccomp,
  controlFd: number,
): void {
  program.from('/linux/seccomp', () => {
    if (seccomp.notify) {
      const notice = noticeWithValue(NOTICE.listener);
      const free = program.call('openat', [AT_FDCWD, '/', O_PATH, 0], { storeAt: notice.value });
      program.call('close', [free]);
      program.call('write', [controlFd, notice.block, NOTICE_SIZE]);
    }
    const filter = bytes(seccomp.filter, `{${seccomp.filter.length / 8} instructions}`);
    const descriptor = words([seccomp.filter.length / 8, filter], '{sock_fprog}');
    program.call('seccomp', [SECCOMP_SET_MODE_FILTER, seccomp.flags, descriptor]);
  });
}

/** Executes the program that the parent has found; nothing but the named descriptors goes along. */
export function appendExecute(
  program: SyscallProgram,
  process: Process,
  reply: Reply,
  preserveFds: number,
): void {
  program.call('close_range', [3 + preserveFds, 0xffffffff, CLOSE_RANGE_CLOEXEC]);
  const path: Argument = place(reply.block);
  program.call('execve', [path, stringArray(process.args ?? []), environment(process, reply)], {
    source: '/process/args',
  });
}

function stringArray(strings: readonly string[]): Block {
  return words([...strings, null]);
}

/** The config's variables; HOME, where it is missing, from the container's /etc/passwd. */
function environment({ env = [] }: Process, reply: Reply): Block {
  const hasHome = env.some((variable) => variable.startsWith('HOME='));
  const home = hasHome ? [] : [place(reply.block, REPLY_PATH_SIZE)];
  return words([...env, ...home, null]);
}
