/** Processes: waiting for them, signalling them, and the settings they inherit. */
import {
  PR_SET_CHILD_SUBREAPER,
  SIG_UNBLOCK,
  SIGKILL,
  WALL,
  WNOHANG,
} from '../constants/process.ts';
import { Descriptor } from '../descriptor.ts';
import { hasCode } from '../errors.ts';
import { syscall, syscallRetry } from '../libc.ts';

/** How a process ended, as wait(2) tells. */
export type ExitStatus = { readonly code: number } | { readonly signal: number };

/**
 * `pid_t wait4(pid_t pid, int *wstatus, int options, struct rusage *rusage)`: blocks this thread.
 *
 * @throws SyscallError ECHILD if `pid` is not a child of this process.
 */
export function waitForExit(pid: number): ExitStatus {
  const status = new Int32Array(1);
  syscallRetry('wait4', pid, new Uint8Array(status.buffer), WALL, null);
  return decodeStatus(status[0] ?? 0);
}

/** Collects a child that has ended; `undefined` while it runs. */
export function reap(pid: number): ExitStatus | undefined {
  const status = new Int32Array(1);
  const result = syscall('wait4', pid, new Uint8Array(status.buffer), WALL | WNOHANG, null);
  return result === 0 ? undefined : decodeStatus(status[0] ?? 0);
}

/** Collects any child that has ended; `undefined` while all run, and when there is none. */
export function reapAny(): { readonly pid: number; readonly status: ExitStatus } | undefined {
  const status = new Int32Array(1);
  try {
    const pid = syscall('wait4', -1, new Uint8Array(status.buffer), WALL | WNOHANG, null);
    return pid === 0 ? undefined : { pid, status: decodeStatus(status[0] ?? 0) };
  } catch (error) {
    if (hasCode(error, 'ECHILD')) return undefined;
    throw error;
  }
}

/** The exit code that a shell shows: the code itself, or 128 plus the signal. */
export function shellCode(status: ExitStatus): number {
  return 'code' in status ? status.code : 128 + status.signal;
}

/** `int kill(pid_t pid, int sig)`; signal 0 only asks whether the process exists. */
export function kill(pid: number, signal: number): void {
  syscall('kill', pid, signal);
}

/** `int sigprocmask(SIG_UNBLOCK, const sigset_t *set, sigset_t *oldset)` of one signal. */
export function unblockSignal(signal: number): void {
  const set = new Uint8Array(new BigUint64Array([1n << BigInt(signal - 1)]).buffer);
  syscall('rt_sigprocmask', SIG_UNBLOCK, set, null, set.length);
}

/** Kills a child of this process and collects it; it may be gone already. */
export function killAndCollect(pid: number): void {
  try {
    kill(pid, SIGKILL);
    waitForExit(pid);
  } catch (error) {
    if (!hasCode(error, 'ESRCH', 'ECHILD')) throw error;
  }
}

/** `int pidfd_open(pid_t pid, unsigned int flags)`: a handle that no other process can take over. */
export function pidfdOpen(pid: number): Descriptor {
  return new Descriptor(syscall('pidfd_open', pid, 0));
}

/** `int pidfd_send_signal(int pidfd, int sig, siginfo_t *info, unsigned int flags)`. */
export function pidfdSendSignal(pidfd: number, signal: number): void {
  syscall('pidfd_send_signal', pidfd, signal, null, 0);
}

/** `int pidfd_getfd(int pidfd, int targetfd, unsigned int flags)`: a copy of another's descriptor. */
export function pidfdGetfd(pidfd: number, fd: number): Descriptor {
  return new Descriptor(syscall('pidfd_getfd', pidfd, fd, 0));
}

/** `prctl(PR_SET_CHILD_SUBREAPER)`: orphans of our children become ours (man 2 prctl). */
export function becomeSubreaper(): void {
  syscall('prctl', PR_SET_CHILD_SUBREAPER, 1);
}

/**
 * `void exit_group(int status)`: ends this process now.
 *
 * Node's own way out takes milliseconds to free what the kernel frees anyway. Nothing is flushed and
 * no listener is called: only for a program that has written all it had to.
 */
export function exitNow(code: number): void {
  syscall('exit_group', code);
}

/** wait(2): the low seven bits are the signal, the next byte the code. */
function decodeStatus(status: number): ExitStatus {
  const signal = status & 0x7f;
  return signal === 0 ? { code: (status >> 8) & 0xff } : { signal };
}
