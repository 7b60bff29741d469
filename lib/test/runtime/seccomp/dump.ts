/** Reads the seccomp filter of a running process out of the kernel, for tests (man 2 ptrace). */
import { reap, syscall } from '../../../src/sys/index.ts';

const PTRACE_DETACH = 17;
const PTRACE_SEIZE = 0x4206;
const PTRACE_INTERRUPT = 0x4207;
const PTRACE_SECCOMP_GET_FILTER = 0x420c;

/**
 * The filter that process `pid` installed last: `struct sock_filter[]`.
 *
 * Needs root, and a kernel with CONFIG_CHECKPOINT_RESTORE.
 */
export function dumpFilter(pid: number): Uint8Array {
  syscall('ptrace', PTRACE_SEIZE, pid, 0, 0);
  try {
    syscall('ptrace', PTRACE_INTERRUPT, pid, 0, 0);
    while (reap(pid) === undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    const count = syscall('ptrace', PTRACE_SECCOMP_GET_FILTER, pid, 0, null);
    const filter = new Uint8Array(count * 8);
    syscall('ptrace', PTRACE_SECCOMP_GET_FILTER, pid, 0, filter);
    return filter;
  } finally {
    syscall('ptrace', PTRACE_DETACH, pid, 0, 0);
  }
}
