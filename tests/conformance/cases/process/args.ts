// config.md, process.args: how the program is found and called.

import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';

const PROCESS = 'config.md#configProcess';

export const argsCases: Case[] = [
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
