// config-linux.md, seccomp: actions, arguments, architectures, flags, and the notify socket.

import { join } from 'node:path';
import type { Box } from '../harness/box.ts';
import type { Case, Mutation } from '../harness/case.ts';
import { status } from '../harness/observe.ts';
import { Listener } from '../harness/socket.ts';

const SECCOMP = 'config-linux.md#configLinuxSeccomp';
const NOTIFY = 'config-linux.md#containerprocessstate';

const MKDIR = ['mkdir', 'mkdirat'];

/** A profile that allows all but these rules. */
function profile(...syscalls: object[]): Mutation {
  return { '/linux/seccomp': { defaultAction: 'SCMP_ACT_ALLOW', syscalls } };
}

function rule(action: string, more: object = {}): object {
  return { names: MKDIR, action, ...more };
}

const TRY_MKDIR = 'mkdir /made 2>&1; echo $?';
const SIGSYS = 128 + 31;

const actions: Case[] = [
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

/** Sends three harmless signals to the shell itself and says which the filter denies. */
const TRY_KILL = 'for s in 17 18 23; do kill -$s $$ 2>/dev/null || echo -n "$s "; done; echo';

function operator(op: string, value: number, denied: string, valueTwo?: number): Case {
  const arg = { index: 1, value, op, ...(valueTwo === undefined ? {} : { valueTwo }) };
  return {
    section: SECCOMP,
    title: `args: ${op}`,
    config: profile({ names: ['kill'], action: 'SCMP_ACT_ERRNO', args: [arg] }),
    script: TRY_KILL,
    prints: denied,
  };
}

const operators: Case[] = [
  operator('SCMP_CMP_EQ', 18, '18'),
  operator('SCMP_CMP_NE', 18, '17 23'),
  operator('SCMP_CMP_LT', 18, '17'),
  operator('SCMP_CMP_LE', 18, '17 18'),
  operator('SCMP_CMP_GE', 18, '18 23'),
  operator('SCMP_CMP_GT', 18, '23'),
  operator('SCMP_CMP_MASKED_EQ', 3, '18', 2),
  {
    section: SECCOMP,
    title: 'args: all conditions of an entry must hold',
    config: profile({
      names: ['kill'],
      action: 'SCMP_ACT_ERRNO',
      args: [
        { index: 0, value: 1, op: 'SCMP_CMP_EQ' },
        { index: 1, value: 18, op: 'SCMP_CMP_EQ' },
      ],
    }),
    script: `sleep 5 & kill -18 $! && echo other; ${TRY_KILL}; kill -9 $!`,
    prints: 'other\n18',
  },
  {
    section: SECCOMP,
    title: 'args: one of two entries is enough',
    config: profile(
      ...[17, 23].map((value) => ({
        names: ['kill'],
        action: 'SCMP_ACT_ERRNO',
        args: [{ index: 1, value, op: 'SCMP_CMP_EQ' }],
      })),
    ),
    script: TRY_KILL,
    prints: '17 23',
  },
];

const settings: Case[] = [
  {
    section: SECCOMP,
    title: 'architectures beside the native one are accepted',
    config: {
      ...profile(rule('SCMP_ACT_ERRNO')),
      '/linux/seccomp/architectures': ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
    },
    script: TRY_MKDIR,
    prints: /Operation not permitted\n1$/,
  },
  ...['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW', 'SECCOMP_FILTER_FLAG_TSYNC'].map(
    (flag): Case => {
      return {
        section: SECCOMP,
        title: `the flag ${flag} is accepted`,
        config: { ...profile(rule('SCMP_ACT_ERRNO')), '/linux/seccomp/flags': [flag] },
        script: TRY_MKDIR,
        prints: /Operation not permitted\n1$/,
      };
    },
  ),
  {
    section: SECCOMP,
    title: 'a flag that does not exist is refused',
    config: { ...profile(rule('SCMP_ACT_ERRNO')), '/linux/seccomp/flags': ['FLAG_NOTHING'] },
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'an action that does not exist is refused',
    config: profile(rule('SCMP_ACT_NOTHING')),
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'a defaultAction that does not exist is refused',
    config: { '/linux/seccomp': { defaultAction: 'SCMP_ACT_NOTHING' } },
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'an architecture that does not exist is refused',
    config: {
      ...profile(rule('SCMP_ACT_ERRNO')),
      '/linux/seccomp/architectures': ['SCMP_ARCH_ABACUS'],
    },
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'an operator that does not exist is refused',
    config: profile({
      names: ['kill'],
      action: 'SCMP_ACT_ERRNO',
      args: [{ index: 1, value: 18, op: 'SCMP_CMP_LIKE' }],
    }),
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'a rule without names is refused',
    config: profile({ names: [], action: 'SCMP_ACT_ERRNO' }),
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'an errnoRet with an action that has none is refused',
    since: '1.1',
    config: profile(rule('SCMP_ACT_KILL', { errnoRet: 1 })),
    refused: true,
  },
];

/** A listening agent, and a profile that notifies it of mkdir. */
async function withAgent(box: Box): Promise<Listener> {
  const agent = await Listener.open(join(box.dir, 'agent.sock'));
  box.undo.push(() => agent.close());
  box.patch({
    ...profile(rule('SCMP_ACT_NOTIFY')),
    '/linux/seccomp/listenerPath': agent.path,
    '/linux/seccomp/listenerMetadata': 'opaque',
    '/annotations': { 'com.example.key': 'value' },
  });
  return agent;
}

interface ProcessState {
  ociVersion: string;
  fds: string[];
  pid: number;
  metadata?: string;
  state: { id: string; status: string; pid: number; bundle: string; annotations: object };
}

const notify: Case[] = [
  {
    section: NOTIFY,
    title: 'the agent receives the container process state, once',
    since: '1.1',
    steps: async (box) => {
      const agent = await withAgent(box);
      const pid = await box.created();
      const sent = JSON.parse(await agent.read()) as ProcessState;
      box.match(sent.ociVersion, /^1\.\d/, 'ociVersion');
      box.equal(
        [sent.fds, sent.pid, sent.metadata],
        [['seccompFd'], pid, 'opaque'],
        'fds, pid, metadata',
      );
      const { id, status: now, bundle, annotations } = sent.state;
      box.equal([id, now, bundle], [box.id, 'creating', box.bundle], 'state');
      box.equal(annotations, { 'com.example.key': 'value' }, 'annotations');
      box.equal(agent.connections, 1, 'connections');
    },
  },
  {
    section: NOTIFY,
    title: 'SCMP_ACT_NOTIFY: the call waits for the agent; when its descriptor closes, ENOSYS',
    since: '1.1',
    steps: async (box) => {
      const agent = await withAgent(box);
      const pid = await box.started('echo before; mkdir /made 2>&1; echo $?');
      await box.printed(/before/);
      await box.eventually(() => status(pid, 'Seccomp') === '2', 'the filter is in force');
      box.equal(box.output(), 'before', 'output while the agent is silent');
      await agent.read();
      await box.printed(/Function not implemented\n1$/);
    },
  },
  {
    section: SECCOMP,
    title: 'an agent that nobody is at is an error',
    since: '1.1',
    config: (box) => ({
      ...profile(rule('SCMP_ACT_NOTIFY')),
      '/linux/seccomp/listenerPath': join(box.dir, 'nobody.sock'),
    }),
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'listenerPath is ignored when no rule notifies',
    since: '1.1',
    config: (box) => ({
      ...profile(rule('SCMP_ACT_ERRNO')),
      '/linux/seccomp/listenerPath': join(box.dir, 'nobody.sock'),
    }),
    script: 'echo ran',
    prints: 'ran',
  },
  {
    section: SECCOMP,
    title: 'listenerMetadata without listenerPath is refused',
    since: '1.1',
    config: { ...profile(rule('SCMP_ACT_ERRNO')), '/linux/seccomp/listenerMetadata': 'opaque' },
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'SCMP_ACT_NOTIFY without listenerPath is refused',
    since: '1.1',
    config: profile(rule('SCMP_ACT_NOTIFY')),
    refused: true,
  },
];

export const seccompCases: Case[] = [...actions, ...operators, ...settings, ...notify];
