// config.md, process: program, arguments, environment, working directory, user, limits.

import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../harness/case.ts';

const PROCESS = 'config.md#configProcess';
const USER = 'config.md#configPOSIXUser';
const RLIMITS = 'config.md#configPOSIXProcess';

const args: Case[] = [
  {
    section: PROCESS,
    title: 'args reach the program unchanged: blanks, quotes, empty, non-ASCII',
    steps: async (box) => {
      const odd = ['a b', '', '"q"', "it's", '$HOME', '*', 'ünïcödé', '-n', 'new\nline'];
      const show = 'for a in "$@"; do printf "[%s]" "$a"; done';
      box.patch({ '/process/args': ['/bin/sh', '-c', show, 'zero', ...odd] });
      const result = await box.run();
      box.equal(result.out, odd.map((word) => `[${word}]`).join(''), 'arguments');
    },
  },
  {
    section: PROCESS,
    title: 'args[0] without a slash is looked up in PATH of process.env',
    steps: async (box) => {
      symlinkSync('/bin/busybox', join(box.rootfs, 'home/echo'));
      box.patch({ '/process/env': ['PATH=/nowhere:/home'], '/process/args': ['echo', 'found'] });
      box.equal((await box.run()).out.trim(), 'found', 'output');
    },
  },
  {
    section: PROCESS,
    title: 'argv[0] is args[0] as written',
    config: { '/process/args': ['sh', '-c', 'echo $0'] },
    steps: async (box) => box.equal((await box.run()).out.trim(), 'sh', 'argv[0]'),
  },
  {
    section: PROCESS,
    title: 'empty args are refused',
    config: { '/process/args': [] },
    steps: async (box) => box.failed(await box.run(), 'run with empty args'),
  },
  {
    section: PROCESS,
    title: 'absent args are refused',
    config: { '/process/args': undefined },
    steps: async (box) => box.failed(await box.run(), 'run without args'),
  },
  ...[
    ['does not exist', '/bin/no-such-program'],
    ['is not found in PATH', 'no-such-program'],
    ['is a directory', '/etc'],
    ['may not be executed', '/etc/passwd'],
  ].map(([what = '', program = '']) => unusable(what, program)),
];

function unusable(what: string, program: string): Case {
  return {
    section: 'runtime.md#runtimeErrors',
    title: `a program that ${what} is an error`,
    steps: async (box) => {
      box.patch({ '/process/args': [program] });
      box.failed(await box.run(), 'run');
      box.failed(await box.call('state', box.id), 'no container is left: state');
    },
  };
}

const environment: Case[] = [
  {
    section: PROCESS,
    title: "env is the program's environment, and nothing of the runtime's comes along",
    config: { '/process/env': ['PATH=/bin', 'A=1', 'B=x=y', 'EMPTY=', 'HOME=/'] },
    steps: async (box) => {
      box.patch({ '/process/args': ['/bin/env'] });
      box.writeConfig();
      const env = { ...process.env, LEAK: 'leak', NODE_OPTIONS: '' };
      const result = await box.callWith({ env }, 'run', '--bundle', box.bundle, box.id);
      const seen = result.out.trim().split('\n').toSorted();
      box.equal(seen, ['A=1', 'B=x=y', 'EMPTY=', 'HOME=/', 'PATH=/bin'], 'environment');
    },
  },
  {
    section: PROCESS,
    title: 'cwd is the working directory',
    config: { '/process/cwd': '/etc' },
    script: 'pwd; readlink /proc/self/cwd',
    prints: '/etc\n/etc',
  },
  {
    section: PROCESS,
    title: 'a relative cwd is refused',
    config: { '/process/cwd': 'etc' },
    refused: true,
  },
  {
    section: PROCESS,
    title: 'an empty cwd is refused',
    config: { '/process/cwd': '' },
    refused: true,
  },
  {
    section: PROCESS,
    title: 'a cwd that is a file is refused',
    config: { '/process/cwd': '/etc/passwd' },
    refused: true,
  },
  {
    section: PROCESS,
    title: 'a cwd that is an absolute symlink is resolved inside the container',
    steps: async (box) => {
      symlinkSync('/home', join(box.rootfs, 'link'));
      box.patch({ '/process/cwd': '/link' });
      writeFileSync(join(box.rootfs, 'home/inside'), '');
      await box.prints('ls', 'inside');
    },
  },
  {
    section: 'runtime-linux.md#runtimeLinuxFileDescriptors',
    title: 'only descriptors 0, 1 and 2 are open',
    // The shell itself is asked; what it opened to read the folder is closed when the loop runs.
    script: 'for fd in /proc/$$/fd/*; do [ -e $fd ] && echo ${fd##*/}; done',
    prints: '0\n1\n2',
  },
  {
    section: 'runtime-linux.md#runtimeLinuxFileDescriptors',
    title: 'a descriptor that the caller left open stays outside',
    steps: async (box) => {
      box.script('ls -l /proc/1/fd; true');
      box.writeConfig();
      const script = 'exec 7</etc/hostname 8</etc; exec "$@"';
      const result = await box.callVia(['sh', '-c', script, 'sh'], 'run', '-b', box.bundle, box.id);
      box.that(!/-> \/etc/.test(result.out), 'no descriptor of the host', result.out);
    },
  },
  {
    section: 'runtime-linux.md#runtimeLinuxFileDescriptors',
    title: '--preserve-fds passes descriptors from 3 on',
    steps: async (box) => {
      box.script('cat <&3');
      box.writeConfig();
      writeFileSync(join(box.dir, 'passed'), 'passed');
      const script = `exec 3<${join(box.dir, 'passed')}; exec "$@"`;
      const words = ['run', '--preserve-fds', '1', '-b', box.bundle, box.id];
      const result = await box.callVia(['sh', '-c', script, 'sh'], ...words);
      box.equal(result.out, 'passed', 'what descriptor 3 reads');
    },
  },
];

const user: Case[] = [
  {
    section: USER,
    title: 'uid and gid are real, effective, saved and filesystem ids',
    config: { '/process/user': { uid: 1234, gid: 5678 } },
    script: 'grep -E "^(Uid|Gid)" /proc/$$/status',
    prints: 'Uid:\t1234\t1234\t1234\t1234\nGid:\t5678\t5678\t5678\t5678',
  },
  {
    section: USER,
    title: 'additionalGids are the supplementary groups',
    config: { '/process/user': { uid: 1000, gid: 1000, additionalGids: [5, 600, 70000] } },
    script: 'sed -n "s/^Groups:[[:space:]]*//p" /proc/$$/status',
    prints: '5 600 70000',
  },
  {
    section: USER,
    title: "without additionalGids the caller's groups do not come along",
    config: { '/process/user': { uid: 1000, gid: 1000 } },
    steps: async (box) => {
      box.script('sed -n "s/^Groups:[[:space:]]*//p" /proc/$$/status');
      box.writeConfig();
      const via = ['setpriv', '--groups', '4242'];
      const result = await box.callVia(via, 'run', '-b', box.bundle, box.id);
      box.match(result.out.trim(), /^(1000)?$/, 'groups');
    },
  },
  {
    section: USER,
    title: "umask is the program's",
    since: '1.1',
    config: { '/process/user': { uid: 0, gid: 0, umask: 0o27 } },
    script: 'umask',
    prints: '0027',
  },
  {
    section: USER,
    title: 'a umask of 0 is a umask',
    since: '1.1',
    config: { '/process/user': { uid: 0, gid: 0, umask: 0 } },
    script: 'umask',
    prints: '0000',
  },
  {
    section: USER,
    title: 'an id of 31 bits can be used',
    config: { '/process/user': { uid: 2147483647, gid: 2147483647 } },
    script: 'id -u; id -g',
    prints: '2147483647\n2147483647',
  },
  {
    section: USER,
    title: 'a negative uid is refused',
    config: { '/process/user': { uid: -1, gid: 0 } },
    refused: true,
  },
  {
    section: USER,
    title: 'a uid beyond 32 bits is refused',
    config: { '/process/user': { uid: 4294967296, gid: 0 } },
    refused: true,
  },
  {
    section: USER,
    title: 'a uid that is a string is refused',
    config: { '/process/user': { uid: '0', gid: 0 } },
    refused: true,
  },
];

const rlimits: Case[] = [
  limit('RLIMIT_NOFILE', 'Max open files', 512, 1024),
  limit('RLIMIT_CORE', 'Max core file size', 0, 4096),
  limit('RLIMIT_NPROC', 'Max processes', 500, 600),
  limit('RLIMIT_FSIZE', 'Max file size', 1 << 20, 1 << 21),
  limit('RLIMIT_MEMLOCK', 'Max locked memory', 4096, 8192),
  limit('RLIMIT_MSGQUEUE', 'Max msgqueue size', 1000, 2000),
  limit('RLIMIT_STACK', 'Max stack size', 1 << 20, 1 << 22),
  limit('RLIMIT_CPU', 'Max cpu time', 100, 200),
  limit('RLIMIT_AS', 'Max address space', 1 << 28, 1 << 29),
  limit('RLIMIT_DATA', 'Max data size', 1 << 28, 1 << 29),
  limit('RLIMIT_RSS', 'Max resident set', 1 << 28, 1 << 29),
  limit('RLIMIT_LOCKS', 'Max file locks', 10, 20),
  limit('RLIMIT_SIGPENDING', 'Max pending signals', 10, 20),
  {
    section: RLIMITS,
    title: 'the largest 64-bit limit means unlimited',
    config: { '/process/rlimits': [] },
    steps: async (box) => {
      const max = '18446744073709551615';
      box.script('grep "Max cpu time" /proc/$$/limits');
      box.patch({ '/process/rlimits/-': { type: 'RLIMIT_CPU', soft: 'MAX', hard: 'MAX' } });
      box.writeConfig((text) => text.replaceAll('"MAX"', max));
      const result = await box.call('run', '-b', box.bundle, box.id);
      box.match(result.out, /Max cpu time +unlimited +unlimited/, 'limits');
    },
  },
  {
    section: RLIMITS,
    title: 'without rlimits the inherited limits stay',
    steps: async (box) => {
      box.script('ulimit -n; ulimit -Hn');
      box.writeConfig();
      const via = ['sh', '-c', 'ulimit -Sn 3000; ulimit -Hn 4000; exec "$@"', 'sh'];
      const result = await box.callVia(via, 'run', '-b', box.bundle, box.id);
      box.match(result.out.trim(), /^\d+\n4000$/, 'limits');
    },
  },
  {
    section: RLIMITS,
    title: 'a limit the kernel does not know is refused',
    config: { '/process/rlimits': [{ type: 'RLIMIT_NOTHING', soft: 1, hard: 1 }] },
    refused: true,
  },
  {
    section: RLIMITS,
    title: 'two limits of one type are refused',
    config: {
      '/process/rlimits': [
        { type: 'RLIMIT_NOFILE', soft: 512, hard: 1024 },
        { type: 'RLIMIT_NOFILE', soft: 512, hard: 1024 },
      ],
    },
    refused: true,
  },
  {
    section: RLIMITS,
    title: 'a soft limit above the hard limit is refused',
    config: { '/process/rlimits': [{ type: 'RLIMIT_NOFILE', soft: 1024, hard: 512 }] },
    refused: true,
  },
  {
    section: RLIMITS,
    title: 'a limit that cannot be granted is refused',
    needs: (host) => (host.sysResource ? 'the suite may raise limits here' : undefined),
    config: { '/process/rlimits': [{ type: 'RLIMIT_NOFILE', soft: 1 << 20, hard: 1 << 20 }] },
    refused: true,
  },
];

function limit(type: string, name: string, soft: number, hard: number): Case {
  return {
    section: RLIMITS,
    title: `${type} is set, soft and hard`,
    config: { '/process/rlimits': [{ type, soft, hard }] },
    script: `grep "^${name}" /proc/$$/limits`,
    prints: new RegExp(`^${name} +${soft} +${hard}\\b`),
  };
}

export const processCases: Case[] = [...args, ...environment, ...user, ...rlimits];
