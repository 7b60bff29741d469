/**
 * System calls asked for by making them, with arguments that can do nothing.
 *
 * A kernel that lacks a call says ENOSYS; one that has it complains about the arguments. A filter
 * (a container's seccomp profile) may answer in its place, mostly with EPERM.
 */
import { readFileSync } from 'node:fs';
import {
  AT_FDCWD,
  CLONE_INTO_CGROUP,
  CLONE_NEWUTS,
  CLOSE_RANGE_CLOEXEC,
  hasCode,
  LAYOUT,
  MFD_CLOEXEC,
  MFD_EXEC,
  O_PATH,
  openat2,
  pidfdOpen,
  pidfdSendSignal,
  syscall,
  SyscallError,
  type RawArgument,
  type SyscallName,
} from 'coracle/sys';
import { no, unknown, yesIf, YES, type Finding, type Probe } from './finding.ts';

export const callProbes = {
  close_range: () => answerOf(() => syscall('close_range', NO_FD, NO_FD, CLOSE_RANGE_CLOEXEC)),
  'mount by descriptor': () =>
    firstMissing([
      ['open_tree', -1, '', 0],
      ['fsopen', null, -1],
      ['fsconfig', -1, -1, null, null, 0],
      ['fsmount', -1, -1, 0],
      ['move_mount', -1, '', -1, '', -1],
    ]),
  mount_setattr: () => firstMissing([['mount_setattr', -1, '', 0, null, 0]]),
  openat2: () =>
    answerOf(() => {
      using _root = openat2(AT_FDCWD, '/', O_PATH);
    }),
  pidfd: () =>
    answerOf(() => {
      using self = pidfdOpen(process.pid);
      pidfdSendSignal(self.fd, 0);
    }),
  'setns by pidfd': setnsByPidfd,
  'born in a cgroup': bornInCgroup,
  'executable memory files by name': () =>
    answerOf(() => closeNow(syscall('memfd_create', 'doctor', MFD_CLOEXEC | MFD_EXEC)), ['EACCES']),
} satisfies Record<string, Probe>;

/** A descriptor that no table reaches. */
const NO_FD = 0x7ffffffe;

/**
 * What an attempt says about its call.
 *
 * @param proofs errnos that only a kernel with the feature gives.
 */
export function answerOf(attempt: () => unknown, proofs: readonly string[] = []): Finding {
  try {
    attempt();
    return YES;
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    if (hasCode(error, ...proofs)) return YES;
    if (hasCode(error, 'EPERM') && isFiltered()) return unknown(FILTERED);
    return no(error.message);
  }
}

const FILTERED = 'a seccomp filter answers in the place of the kernel';

/** Whether this process runs under a seccomp filter: then EPERM need not be the kernel's word. */
function isFiltered(): boolean {
  return /^Seccomp:\s*2$/m.test(readFileSync('/proc/self/status', 'utf8'));
}

type Call = readonly [SyscallName, ...RawArgument[]];

/** Makes calls that must fail; those that are there fail with anything but ENOSYS. */
function firstMissing(calls: readonly Call[]): Finding {
  for (const [name, ...args] of calls) {
    try {
      syscall(name, ...args);
    } catch (error) {
      if (hasCode(error, 'ENOSYS')) return no(`the kernel has no ${name}`);
      if (hasCode(error, 'EPERM') && isFiltered()) return unknown(FILTERED);
    }
  }
  return YES;
}

/** Enters the UTS namespace that this process is in; EPERM comes after the check that matters. */
function setnsByPidfd(): Finding {
  return answerOf(() => {
    using self = pidfdOpen(process.pid);
    syscall('setns', self.fd, CLONE_NEWUTS);
  }, ['EPERM']);
}

/** A child in a cgroup whose descriptor is not open: EBADF, and no child, where the flag is known. */
function bornInCgroup(): Finding {
  const { sizeof, cgroup } = LAYOUT.clone_args;
  const args = Buffer.alloc(sizeof);
  args.writeBigUInt64LE(CLONE_INTO_CGROUP, 0);
  args.writeBigUInt64LE(BigInt(NO_FD), cgroup);
  const finding = answerOf(() => syscall('clone3', args, sizeof), ['EBADF']);
  return finding.answer === 'no'
    ? yesIf(false, `${finding.why ?? ''} (CLONE_INTO_CGROUP)`)
    : finding;
}

function closeNow(fd: number): void {
  syscall('close', fd);
}
