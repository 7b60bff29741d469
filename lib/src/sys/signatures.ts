/**
 * How the arguments of each system call are shown, after its C prototype (section 2 of the manual):
 * the parameter names are left out, the kinds are kept.
 */
import * as cloneFlags from './constants/clone.ts';
import * as mountFlags from './constants/mount.ts';
import * as openFlags from './constants/open.ts';
import * as processConstants from './constants/process.ts';
import type { SyscallName } from './numbers.ts';

/** Named bits or values: `[name, value]`, of one constants file and prefix. */
export type NameTable = readonly (readonly [name: string, value: number])[];

export type ArgumentKind =
  | 'int'
  | 'octal'
  | 'hex'
  | 'fd'
  | 'pointer'
  | { readonly flags: NameTable }
  | { readonly oneOf: NameTable };

const MS = named(mountFlags, 'MS_');
const AT = named(openFlags, 'AT_').filter(
  ([name]) => name !== 'AT_FDCWD' && name !== 'AT_REMOVEDIR',
);
const O = named(openFlags, 'O_').filter(([, value]) => value !== 0);
const CLONE = named(cloneFlags, 'CLONE_');
const PR = named(processConstants, 'PR_').filter(([name]) => !name.startsWith('PR_CAP_AMBIENT_'));

export const SIGNATURES: Partial<Record<SyscallName, readonly ArgumentKind[]>> = {
  accept4: ['fd', 'pointer', 'pointer', { flags: O }],
  capset: ['pointer', 'pointer'],
  chdir: ['pointer'],
  chroot: ['pointer'],
  clone: [{ flags: CLONE }, 'pointer', 'pointer', 'pointer', 'pointer'],
  close: ['fd'],
  close_range: ['fd', 'fd', { flags: named(openFlags, 'CLOSE_RANGE_') }],
  dup3: ['fd', 'fd', { flags: O }],
  execve: ['pointer', 'pointer', 'pointer'],
  execveat: ['fd', 'pointer', 'pointer', 'pointer', { flags: AT }],
  exit_group: ['int'],
  fchdir: ['fd'],
  fchmodat: ['fd', 'pointer', 'octal'],
  fchown: ['fd', 'int', 'int'],
  fchownat: ['fd', 'pointer', 'int', 'int', { flags: AT }],
  fcntl: ['fd', { oneOf: named(openFlags, 'F_') }, 'int'],
  fsconfig: ['fd', { oneOf: named(mountFlags, 'FSCONFIG_') }, 'pointer', 'pointer', 'int'],
  fsmount: ['fd', 'int', { flags: named(mountFlags, 'MOUNT_ATTR_') }],
  fsopen: ['pointer', 'int'],
  ioctl: ['fd', { oneOf: named(processConstants, 'TIOC') }, 'pointer'],
  ioprio_set: ['int', 'int', 'hex'],
  keyctl: [{ oneOf: named(processConstants, 'KEYCTL_') }, 'pointer'],
  linkat: ['fd', 'pointer', 'fd', 'pointer', { flags: AT }],
  mkdirat: ['fd', 'pointer', 'octal'],
  mknodat: ['fd', 'pointer', 'octal', 'hex'],
  mount: ['pointer', 'pointer', 'pointer', { flags: MS }, 'pointer'],
  mount_setattr: ['fd', 'pointer', { flags: AT }, 'pointer', 'int'],
  move_mount: ['fd', 'pointer', 'fd', 'pointer', { flags: named(mountFlags, 'MOVE_MOUNT_') }],
  open_tree: ['fd', 'pointer', { flags: [...AT, ...named(mountFlags, 'OPEN_TREE_')] }],
  openat: ['fd', 'pointer', { flags: O }, 'octal'],
  openat2: ['fd', 'pointer', 'pointer', 'int'],
  personality: ['hex'],
  pivot_root: ['pointer', 'pointer'],
  prctl: [{ oneOf: PR }, 'int', 'int', 'int', 'int'],
  prlimit64: ['int', 'int', 'pointer', 'pointer'],
  read: ['fd', 'pointer', 'int'],
  rt_sigaction: ['int', 'pointer', 'pointer', 'int'],
  rt_sigprocmask: [{ oneOf: named(processConstants, 'SIG_') }, 'pointer', 'pointer', 'int'],
  sched_setattr: ['int', 'pointer', 'int'],
  seccomp: [
    { oneOf: named(processConstants, 'SECCOMP_SET_') },
    { flags: named(processConstants, 'SECCOMP_FILTER_') },
    'pointer',
  ],
  sendmsg: ['fd', 'pointer', 'int'],
  setgroups: ['int', 'pointer'],
  sethostname: ['pointer', 'int'],
  setdomainname: ['pointer', 'int'],
  setns: ['fd', { flags: CLONE }],
  setresgid: ['int', 'int', 'int'],
  setresuid: ['int', 'int', 'int'],
  setsid: [],
  symlinkat: ['pointer', 'fd', 'pointer'],
  umask: ['octal'],
  umount2: ['pointer', { flags: named(mountFlags, 'MNT_') }],
  unshare: [{ flags: CLONE }],
  write: ['fd', 'pointer', 'int'],
};

/** `O_WRONLY|O_CLOEXEC` for a value; bits without a name are left in hexadecimal. */
export function flagNames(value: number, table: NameTable): string {
  let rest = value;
  const names: string[] = [];
  for (const [name, bits] of table) {
    if (bits !== 0 && (rest & bits) === bits) {
      names.push(name);
      rest &= ~bits;
    }
  }
  if (rest !== 0) names.push(`0x${(rest >>> 0).toString(16)}`);
  return names.length === 0 ? '0' : names.join('|');
}

/** The flags of `openat2` and `openat`, as `strace` shows them. */
export function openFlagNames(value: number): string {
  return flagNames(value, O);
}

/** The attributes of mount_setattr(2) and fsmount(2). */
export function mountAttributeNames(value: number): string {
  return flagNames(value, named(mountFlags, 'MOUNT_ATTR_'));
}

/** The RESOLVE_ flags of openat2(2). */
export function resolveNames(value: number): string {
  return flagNames(value, named(openFlags, 'RESOLVE_'));
}

function named(constants: object, prefix: string): NameTable {
  return Object.entries(constants).filter(
    (entry): entry is [string, number] =>
      entry[0].startsWith(prefix) && typeof entry[1] === 'number',
  );
}
