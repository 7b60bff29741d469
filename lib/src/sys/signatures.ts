/**
 * How the arguments of each system call are shown, after its C prototype (section 2 of the manual):
 * the parameter names are left out, the kinds are kept.
 */
import * as cloneFlags from './constants/clone.ts';
import * as mountFlags from './constants/mount.ts';
import * as openFlags from './constants/open.ts';
import * as processConstants from './constants/process.ts';
import * as socketConstants from './constants/socket.ts';
import { joined, named, type NameTable } from './names.ts';
import type { SyscallName } from './numbers.ts';

export type ArgumentKind =
  | 'int'
  | 'octal'
  | 'hex'
  | 'fd'
  | 'pointer'
  | 'signal'
  | 'mode'
  | 'device'
  | 'open flags'
  | { readonly flags: NameTable }
  | { readonly oneOf: NameTable }
  /** Flags, with a number of its own kind in the bits of `mask`. */
  | { readonly flags: NameTable; readonly mask: number; readonly low: NameTable }
  /** The kind depends on the command in the argument `of`. */
  | { readonly of: number; readonly cases: ReadonlyMap<number, ArgumentKind> };

const { PR_CAP_AMBIENT, PR_SET_NAME, PR_SET_PDEATHSIG, TIOCGPTPEER, TIOCSCTTY } = processConstants;
const { F_ADD_SEALS, F_DUPFD, F_DUPFD_CLOEXEC, F_SETFD } = openFlags;

const MS = { flags: named(mountFlags, /^MS_/) };
/** 0x200 is AT_REMOVEDIR for unlinkat(2) and means other things elsewhere. */
const AT = { flags: named(openFlags, /^AT_(?!FDCWD|REMOVEDIR)/) };
const NAMESPACES = { flags: named(cloneFlags, /^CLONE_/) };
/** CLONE_NEWTIME lies within the exit signal's bits: clone(2) cannot have it. */
const CLONE = {
  flags: named(cloneFlags, /^CLONE_(?!NEWTIME)/),
  mask: 0xff,
  low: named(processConstants, /^SIG[A-Z0-9]+$/),
};
const SOCKET_TYPE = {
  flags: named(socketConstants, /^SOCK_(CLOEXEC|NONBLOCK)$/),
  mask: 0xf,
  low: named(socketConstants, /^SOCK_(?!CLOEXEC|NONBLOCK)/),
};
const DOMAIN = { oneOf: named(socketConstants, /^AF_/) };
const MSG = { flags: named(socketConstants, /^MSG_/) };
const FCNTL_VALUE: ArgumentKind = {
  of: 1,
  cases: new Map<number, ArgumentKind>([
    [F_SETFD, { flags: named(openFlags, /^FD_CLOEXEC$/) }],
    [F_ADD_SEALS, { flags: named(openFlags, /^F_SEAL_/) }],
    [F_DUPFD, 'fd'],
    [F_DUPFD_CLOEXEC, 'fd'],
  ]),
};
const PRCTL_VALUE: ArgumentKind = {
  of: 0,
  cases: new Map<number, ArgumentKind>([
    [PR_SET_PDEATHSIG, 'signal'],
    [PR_SET_NAME, 'pointer'],
    [PR_CAP_AMBIENT, { oneOf: named(processConstants, /^PR_CAP_AMBIENT_/) }],
  ]),
};
const IOCTL_VALUE: ArgumentKind = {
  of: 1,
  cases: new Map<number, ArgumentKind>([
    [TIOCGPTPEER, 'open flags'],
    [TIOCSCTTY, 'int'],
  ]),
};

/** One kind for each argument that the kernel reads. */
export const SIGNATURES: Partial<Record<SyscallName, readonly ArgumentKind[]>> = {
  accept4: ['fd', 'pointer', 'pointer', SOCKET_TYPE],
  bind: ['fd', 'pointer', 'int'],
  capget: ['pointer', 'pointer'],
  capset: ['pointer', 'pointer'],
  chdir: ['pointer'],
  chroot: ['pointer'],
  clone: [CLONE, 'pointer', 'pointer', 'pointer', 'pointer'],
  clone3: ['pointer', 'int'],
  close: ['fd'],
  close_range: ['fd', 'fd', { flags: named(openFlags, /^CLOSE_RANGE_/) }],
  connect: ['fd', 'pointer', 'int'],
  dup3: ['fd', 'fd', 'open flags'],
  execve: ['pointer', 'pointer', 'pointer'],
  execveat: ['fd', 'pointer', 'pointer', 'pointer', AT],
  exit_group: ['int'],
  faccessat2: ['fd', 'pointer', 'octal', AT],
  fchdir: ['fd'],
  fchmod: ['fd', 'octal'],
  fchmodat: ['fd', 'pointer', 'octal'],
  fchown: ['fd', 'int', 'int'],
  fchownat: ['fd', 'pointer', 'int', 'int', AT],
  fcntl: ['fd', { oneOf: named(openFlags, /^F_(?!SEAL_)/) }, FCNTL_VALUE],
  fsconfig: ['fd', { oneOf: named(mountFlags, /^FSCONFIG_/) }, 'pointer', 'pointer', 'int'],
  fsmount: [
    'fd',
    { flags: named(mountFlags, /^FSMOUNT_/) },
    { flags: named(mountFlags, /^MOUNT_ATTR_/) },
  ],
  fsopen: ['pointer', { flags: named(mountFlags, /^FSOPEN_/) }],
  fstat: ['fd', 'pointer'],
  ioctl: ['fd', { oneOf: named(processConstants, /^TIOC/) }, IOCTL_VALUE],
  ioprio_set: ['int', 'int', 'hex'],
  keyctl: [{ oneOf: named(processConstants, /^KEYCTL_/) }, 'pointer'],
  kill: ['int', 'signal'],
  linkat: ['fd', 'pointer', 'fd', 'pointer', AT],
  memfd_create: ['pointer', { flags: named(openFlags, /^MFD_/) }],
  mkdirat: ['fd', 'pointer', 'octal'],
  mknodat: ['fd', 'pointer', 'mode', 'device'],
  mmap: ['pointer', 'int', 'hex', 'hex', 'fd', 'hex'],
  mount: ['pointer', 'pointer', 'pointer', MS, 'pointer'],
  mount_setattr: ['fd', 'pointer', AT, 'pointer', 'int'],
  move_mount: ['fd', 'pointer', 'fd', 'pointer', { flags: named(mountFlags, /^MOVE_MOUNT_/) }],
  open_tree: ['fd', 'pointer', { flags: joined(AT.flags, named(mountFlags, /^OPEN_TREE_/)) }],
  openat: ['fd', 'pointer', 'open flags', 'octal'],
  openat2: ['fd', 'pointer', 'pointer', 'int'],
  personality: ['hex'],
  pipe2: ['pointer', 'open flags'],
  pivot_root: ['pointer', 'pointer'],
  prctl: [
    { oneOf: named(processConstants, /^PR_(?!CAP_AMBIENT_)/) },
    PRCTL_VALUE,
    'int',
    'int',
    'int',
  ],
  prlimit64: ['int', 'int', 'pointer', 'pointer'],
  read: ['fd', 'pointer', 'int'],
  readlinkat: ['fd', 'pointer', 'pointer', 'int'],
  recvmsg: ['fd', 'pointer', MSG],
  rt_sigaction: ['signal', 'pointer', 'pointer', 'int'],
  rt_sigprocmask: [{ oneOf: named(processConstants, /^SIG_/) }, 'pointer', 'pointer', 'int'],
  sched_setaffinity: ['int', 'int', 'pointer'],
  sched_setattr: ['int', 'pointer', 'int'],
  seccomp: [
    { oneOf: named(processConstants, /^SECCOMP_SET_/) },
    { flags: named(processConstants, /^SECCOMP_FILTER_FLAG_/) },
    'pointer',
  ],
  sendmsg: ['fd', 'pointer', MSG],
  setdomainname: ['pointer', 'int'],
  setgroups: ['int', 'pointer'],
  sethostname: ['pointer', 'int'],
  setns: ['fd', NAMESPACES],
  setresgid: ['int', 'int', 'int'],
  setresuid: ['int', 'int', 'int'],
  setsid: [],
  socket: [DOMAIN, SOCKET_TYPE, 'int'],
  socketpair: [DOMAIN, SOCKET_TYPE, 'int', 'pointer'],
  statx: ['fd', 'pointer', AT, 'hex', 'pointer'],
  symlinkat: ['pointer', 'fd', 'pointer'],
  umask: ['octal'],
  umount2: ['pointer', { flags: named(mountFlags, /^(MNT|UMOUNT)_/) }],
  unlinkat: ['fd', 'pointer', { flags: named(openFlags, /^AT_REMOVEDIR$/) }],
  unshare: [NAMESPACES],
  wait4: ['int', 'pointer', { flags: named(processConstants, /^W(NOHANG|ALL)$/) }, 'pointer'],
  write: ['fd', 'pointer', 'int'],
};

/** How many arguments of a call the kernel reads; 0 for a call that has no signature here. */
export function argumentCount(name: SyscallName): number {
  return SIGNATURES[name]?.length ?? 0;
}
