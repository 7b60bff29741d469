/**
 * Where the fields of the kernel's structures are, in bytes: `sizeof`, then each field by its C name.
 *
 * The same on x86-64 and arm64 (both are LP64 and little-endian). A test compares every number with
 * the system's headers.
 */
export const LAYOUT = {
  /** sendmsg(2). */
  msghdr: {
    sizeof: 56,
    msg_name: 0,
    msg_namelen: 8,
    msg_iov: 16,
    msg_iovlen: 24,
    msg_control: 32,
    msg_controllen: 40,
    msg_flags: 48,
  },
  iovec: { sizeof: 16, iov_base: 0, iov_len: 8 },
  /** cmsg(3): the data follow at 16; the next header begins at a multiple of 8. */
  cmsghdr: { sizeof: 16, cmsg_len: 0, cmsg_level: 8, cmsg_type: 12 },
  /** unix(7). */
  sockaddr_un: { sizeof: 110, sun_family: 0, sun_path: 2 },
  /** ppoll(2). */
  pollfd: { sizeof: 8, fd: 0, events: 4, revents: 6 },
  timespec: { sizeof: 16, tv_sec: 0, tv_nsec: 8 },
  /** openat2(2). */
  open_how: { sizeof: 24, flags: 0, mode: 8, resolve: 16 },
  /** mount_setattr(2). */
  mount_attr: { sizeof: 32, attr_set: 0, attr_clr: 8, propagation: 16, userns_fd: 24 },
  /** clone3(2). */
  clone_args: { sizeof: 88, flags: 0, pidfd: 8, exit_signal: 32, stack: 40, cgroup: 80 },
  /** rt_sigaction(2); not the structure of libc's sigaction(3). */
  sigaction: { sizeof: 32, sa_handler: 0, sa_flags: 8, sa_restorer: 16, sa_mask: 24 },
  /** capset(2): one header, two sets of data. */
  __user_cap_header_struct: { sizeof: 8, version: 0, pid: 4 },
  __user_cap_data_struct: { sizeof: 12, effective: 0, permitted: 4, inheritable: 8 },
  /** seccomp(2). */
  sock_fprog: { sizeof: 16, len: 0, filter: 8 },
  sock_filter: { sizeof: 8, code: 0, jt: 2, jf: 3, k: 4 },
  /** sched_setattr(2). */
  sched_attr: {
    sizeof: 56,
    size: 0,
    sched_policy: 4,
    sched_flags: 8,
    sched_nice: 16,
    sched_priority: 20,
    sched_runtime: 24,
    sched_deadline: 32,
    sched_period: 40,
    sched_util_min: 48,
    sched_util_max: 52,
  },
  /** prlimit(2). */
  rlimit64: { sizeof: 16, rlim_cur: 0, rlim_max: 8 },
  /** ioctl_tty(2), TIOCSWINSZ. */
  winsize: { sizeof: 8, ws_row: 0, ws_col: 2, ws_xpixel: 4, ws_ypixel: 6 },
  /** ioctl_tty(2), TCGETS. */
  termios: { sizeof: 36, c_iflag: 0, c_oflag: 4, c_cflag: 8, c_lflag: 12, c_line: 16, c_cc: 17 },
  /** elf(5): the file's header. */
  elf64_hdr: {
    sizeof: 64,
    e_ident: 0,
    e_type: 16,
    e_machine: 18,
    e_version: 20,
    e_entry: 24,
    e_phoff: 32,
    e_shoff: 40,
    e_flags: 48,
    e_ehsize: 52,
    e_phentsize: 54,
    e_phnum: 56,
  },
  /** elf(5): one segment. */
  elf64_phdr: {
    sizeof: 56,
    p_type: 0,
    p_flags: 4,
    p_offset: 8,
    p_vaddr: 16,
    p_paddr: 24,
    p_filesz: 32,
    p_memsz: 40,
    p_align: 48,
  },
} as const satisfies Record<string, Readonly<Record<string, number>> & { readonly sizeof: number }>;
