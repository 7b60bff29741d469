// config.md, process.env and process.cwd; descriptors the program inherits.

import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';

const PROCESS = 'config.md#configProcess';

export const environmentCases: Case[] = [
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
      box.match(result.out, / 0 -> /, 'descriptors of process 1');
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
