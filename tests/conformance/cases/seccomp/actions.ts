// config-linux.md, seccomp: what each action does to a call.

import type { Case, Mutation } from '../../harness/case.ts';
import { MKDIR, SECCOMP, TRY_MKDIR, profile, rule } from './profile.ts';

const SIGSYS = 128 + 31;

export const actionsCases: Case[] = [
  {
    section: SECCOMP,
    title: 'SCMP_ACT_ERRNO: the call fails with EPERM',
    config: profile(rule('SCMP_ACT_ERRNO')),
    script: TRY_MKDIR,
    prints: /Operation not permitted\n1$/,
  },
  {
    section: SECCOMP,
    title: 'SCMP_ACT_ERRNO with errnoRet: the call fails with that errno',
    since: '1.1',
    config: profile(rule('SCMP_ACT_ERRNO', { errnoRet: 28 })),
    script: TRY_MKDIR,
    prints: /No space left on device\n1$/,
  },
  {
    section: SECCOMP,
    title: 'SCMP_ACT_ERRNO with an errnoRet of 0: the call does nothing and succeeds',
    since: '1.1',
    config: profile(rule('SCMP_ACT_ERRNO', { errnoRet: 0 })),
    script: `${TRY_MKDIR}; test -e /made || echo not made`,
    prints: '0\nnot made',
  },
  ...['SCMP_ACT_KILL', 'SCMP_ACT_KILL_PROCESS', 'SCMP_ACT_KILL_THREAD', 'SCMP_ACT_TRAP'].map(
    (action): Case => {
      const newer = /_(PROCESS|THREAD)$/.test(action) ? { since: '1.1' as const } : {};
      return {
        section: SECCOMP,
        title: `${action}: the process dies of SIGSYS`,
        ...newer,
        config: profile(rule(action)),
        script: 'mkdir /made; echo $?',
        prints: String(SIGSYS),
      };
    },
  ),
  {
    section: SECCOMP,
    title: 'SCMP_ACT_TRACE without a tracer: the call fails with ENOSYS',
    config: profile(rule('SCMP_ACT_TRACE')),
    script: TRY_MKDIR,
    prints: /Function not implemented\n1$/,
  },
  ...['SCMP_ACT_LOG', 'SCMP_ACT_ALLOW'].map((action): Case => {
    return {
      section: SECCOMP,
      title: `${action}: the call is made`,
      config: {
        '/linux/seccomp': {
          defaultAction: action === 'SCMP_ACT_LOG' ? 'SCMP_ACT_ALLOW' : 'SCMP_ACT_LOG',
          syscalls: [rule(action)],
        },
      },
      script: TRY_MKDIR,
      prints: '0',
    };
  }),
  {
    section: SECCOMP,
    title: 'defaultAction holds for calls that no rule names',
    config: allowList({}),
    script: TRY_MKDIR,
    prints: /Operation not permitted\n1$/,
  },
  {
    section: SECCOMP,
    title: 'defaultErrnoRet is the errno of defaultAction',
    since: '1.1',
    config: allowList({ defaultErrnoRet: 28 }),
    script: TRY_MKDIR,
    prints: /No space left on device\n1$/,
  },
  {
    section: SECCOMP,
    title: 'the filter is in force for a plain user too, without noNewPrivileges',
    config: {
      ...profile(rule('SCMP_ACT_ERRNO')),
      '/process/user': { uid: 1000, gid: 1000 },
      '/process/noNewPrivileges': false,
    },
    script: 'grep -E "^(Seccomp|NoNewPrivs):" /proc/$$/status',
    prints: 'NoNewPrivs:\t0\nSeccomp:\t2',
  },
  {
    section: SECCOMP,
    title: 'the filter is in force with noNewPrivileges',
    config: { ...profile(rule('SCMP_ACT_ERRNO')), '/process/noNewPrivileges': true },
    script: 'grep -E "^(Seccomp|NoNewPrivs):" /proc/$$/status',
    prints: 'NoNewPrivs:\t1\nSeccomp:\t2',
  },
  {
    section: SECCOMP,
    title: 'without seccomp there is no filter',
    script: 'grep "^Seccomp:" /proc/$$/status',
    prints: 'Seccomp:\t0',
  },
  {
    section: SECCOMP,
    title: 'an exec has the filter too',
    config: profile(rule('SCMP_ACT_ERRNO')),
    steps: async (box) => {
      await box.started();
      const result = await box.exec(TRY_MKDIR);
      box.match(result.out, /Operation not permitted\n1$/m, 'output of the exec');
    },
  },
  {
    section: SECCOMP,
    title: 'a syscall that this architecture does not have is passed over',
    config: profile({ names: ['chown32', 'no_such_syscall', ...MKDIR], action: 'SCMP_ACT_ERRNO' }),
    script: TRY_MKDIR,
    prints: /Operation not permitted\n1$/,
  },
];

/** What busybox needs; everything else is the default action, an error. */
function allowList(more: object): Mutation {
  const names = `
    access arch_prctl brk capget capset chdir clock_gettime clone clone3 close close_range dup dup2
    dup3 epoll_create1 epoll_ctl epoll_pwait epoll_wait eventfd2 execve execveat exit exit_group
    faccessat faccessat2 fchdir fchmod fchown fcntl fork fstat fstatfs futex getcwd getdents64 getegid
    geteuid getgid getgroups getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid
    getrlimit getrusage getsid getsockopt gettid gettimeofday getuid ioctl kill lseek lstat madvise
    mmap mprotect mremap munmap nanosleep newfstatat open openat openat2 pipe pipe2 poll ppoll prctl
    pread64 prlimit64 pwrite64 read readlink readlinkat readv recvmsg restart_syscall rseq
    rt_sigaction rt_sigprocmask rt_sigreturn sched_getaffinity sched_yield seccomp select sendmsg
    set_robust_list set_tid_address setgid setgroups setresgid setresuid setsid setuid sigaltstack
    stat statfs statx sysinfo tgkill umask uname vfork wait4 waitid write writev`
    .trim()
    .split(/\s+/);
  return {
    '/linux/seccomp': {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ names, action: 'SCMP_ACT_ALLOW' }],
      ...more,
    },
  };
}
