// config.md, process.rlimits: each limit, and what cannot be granted.

import type { Case } from '../../harness/case.ts';

const RLIMITS = 'config.md#configPOSIXProcess';

export const rlimitsCases: Case[] = [
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
