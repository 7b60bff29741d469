/**
 * System call numbers: `name: [x86-64, arm64]`.
 *
 * arm64 uses the kernel's generic table, which never had the calls that newer ones replaced (`poll`,
 * `open`, `mkdir`), so Coracle uses only the newer ones. A test compares every number with the
 * system's headers.
 * x86-64: arch/x86/entry/syscalls/syscall_64.tbl; arm64: include/uapi/asm-generic/unistd.h.
 */
export const SYSCALL_NUMBERS = {
  accept4: [288, 242],
  bind: [49, 200],
  bpf: [321, 280],
  capget: [125, 90],
  capset: [126, 91],
  chdir: [80, 49],
  chroot: [161, 51],
  clone: [56, 220],
  clone3: [435, 435],
  close: [3, 57],
  close_range: [436, 436],
  connect: [42, 203],
  dup3: [292, 24],
  eventfd2: [290, 19],
  execve: [59, 221],
  execveat: [322, 281],
  exit_group: [231, 94],
  faccessat2: [439, 439],
  fchdir: [81, 50],
  fchmod: [91, 52],
  fchmodat: [268, 53],
  fchown: [93, 55],
  fchownat: [260, 54],
  fcntl: [72, 25],
  flock: [73, 32],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fsopen: [430, 430],
  fstat: [5, 80],
  ftruncate: [77, 46],
  getcwd: [79, 17],
  getdents64: [217, 61],
  getpid: [39, 172],
  getsockopt: [55, 209],
  getuid: [102, 174],
  ioctl: [16, 29],
  ioprio_set: [251, 30],
  keyctl: [250, 219],
  kill: [62, 129],
  landlock_create_ruleset: [444, 444],
  lgetxattr: [192, 9],
  linkat: [265, 37],
  listen: [50, 201],
  listxattr: [194, 11],
  llistxattr: [195, 12],
  lremovexattr: [198, 15],
  lsetxattr: [189, 6],
  memfd_create: [319, 279],
  mkdirat: [258, 34],
  mknodat: [259, 33],
  mmap: [9, 222],
  mount: [165, 40],
  mount_setattr: [442, 442],
  move_mount: [429, 429],
  mprotect: [10, 226],
  munmap: [11, 215],
  open_tree: [428, 428],
  openat: [257, 56],
  openat2: [437, 437],
  personality: [135, 92],
  pidfd_getfd: [438, 438],
  pidfd_open: [434, 434],
  pidfd_send_signal: [424, 424],
  pipe2: [293, 59],
  pivot_root: [155, 41],
  ppoll: [271, 73],
  prctl: [157, 167],
  prlimit64: [302, 261],
  ptrace: [101, 117],
  read: [0, 63],
  readlinkat: [267, 78],
  recvfrom: [45, 207],
  recvmsg: [47, 212],
  renameat2: [316, 276],
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  sched_getaffinity: [204, 123],
  sched_setaffinity: [203, 122],
  sched_setattr: [314, 274],
  seccomp: [317, 277],
  sendmsg: [46, 211],
  sendto: [44, 206],
  set_mempolicy: [238, 237],
  setdomainname: [171, 162],
  setgid: [106, 144],
  setgroups: [116, 159],
  sethostname: [170, 161],
  setns: [308, 268],
  setpriority: [141, 140],
  setresgid: [119, 149],
  setresuid: [117, 147],
  setsid: [112, 157],
  setsockopt: [54, 208],
  setxattr: [188, 5],
  signalfd4: [289, 74],
  socket: [41, 198],
  socketpair: [53, 199],
  statfs: [137, 43],
  statx: [332, 291],
  symlinkat: [266, 36],
  sync: [162, 81],
  syncfs: [306, 267],
  tgkill: [234, 131],
  umask: [95, 166],
  umount2: [166, 39],
  unlinkat: [263, 35],
  unshare: [272, 97],
  utimensat: [280, 88],
  wait4: [61, 260],
  waitid: [247, 95],
  write: [1, 64],
} as const satisfies Record<string, readonly [number, number]>;

/** A system call by the name of its man page in section 2. */
export type SyscallName = keyof typeof SYSCALL_NUMBERS;

/** The machines that Coracle knows, by Node's `process.arch` names. */
export type Architecture = 'x64' | 'arm64';

/** All names in the table, for tests and for decoding. */
export const SYSCALL_NAMES = Object.keys(SYSCALL_NUMBERS) as SyscallName[];

/** The number of a system call on one architecture. */
export function syscallNumber(name: SyscallName, arch: Architecture): number {
  return SYSCALL_NUMBERS[name][arch === 'x64' ? 0 : 1];
}

/** The name of a system call; `syscall 999` for one that the table does not have. */
export function syscallName(number: number, arch: Architecture): string {
  const name = SYSCALL_NAMES.find((candidate) => syscallNumber(candidate, arch) === number);
  return name ?? `syscall ${number}`;
}

/** The architecture this process runs on. */
export function hostArchitecture(): Architecture {
  const { arch } = process;
  if (arch === 'x64' || arch === 'arm64') return arch;
  throw new TypeError(`Coracle makes system calls on x64 and arm64, not on ${arch}`);
}
