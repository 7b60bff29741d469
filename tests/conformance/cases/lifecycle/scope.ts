// runtime.md, scope and life cycle as a whole; the root filesystem a container starts from.

import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';

export const scopeCases: Case[] = [
  {
    section: 'runtime.md#runtimeLifecycle',
    title: 'two containers of one bundle live side by side',
    steps: async (box) => {
      await box.started('sleep 100');
      const other = `${box.id}-two`;
      box.patch({ '/linux/cgroupsPath': `${box.cgroup}/two` });
      box.writeConfig();
      const made = await box.call('create', '--bundle', box.bundle, other);
      box.succeeded(made, 'create of the second');
      box.equal((await box.state()).status, 'running', 'status of the first');
      const result = await box.call('state', other);
      box.equal((JSON.parse(result.out) as { status: string }).status, 'created', 'of the second');
    },
  },
  {
    section: 'runtime.md#runtimeScopeContainer',
    title: 'a container made by one command is found by the next through a symlinked --root',
    steps: async (box) => {
      await box.created();
      const link = join(box.dir, 'link');
      symlinkSync(box.root, link);
      const result = await box.callWith({ globals: ['--root', link] }, 'state', box.id);
      box.succeeded(result, 'state through the link');
    },
  },
  {
    section: 'runtime.md#runtimeLifecycle',
    title: "run creates, starts, waits and deletes, and exits with the program's code",
    steps: async (box) => {
      box.equal((await box.run('exit 42')).code, 42, 'exit code');
      box.failed(await box.call('state', box.id), 'state afterwards');
    },
  },
  {
    section: 'runtime.md#runtimeLifecycle',
    title: 'run exits with 128 + signal when a signal ended the program',
    steps: async (box) => {
      box.patch({ '/linux/namespaces': ['mount', 'ipc', 'uts'].map((type) => ({ type })) });
      box.equal((await box.run('kill -KILL $$; sleep 1')).code, 137, 'exit code');
    },
  },
  {
    section: 'config.md#configRoot',
    title: 'a rootfs that does not exist is an error',
    steps: async (box) => {
      rmSync(box.rootfs, { recursive: true });
      await box.refuses();
    },
  },
  {
    section: 'config.md#configRoot',
    title: 'a rootfs that is not a directory is an error',
    config: { '/root/path': 'rootfs/etc/passwd' },
    refused: true,
  },
  {
    section: 'config.md#configRoot',
    title: 'root.path may be absolute',
    config: (box) => ({ '/root/path': box.rootfs }),
    script: 'echo here',
    prints: 'here',
  },
  {
    section: 'config.md#configRoot',
    title: 'root.path is relative to the bundle, whatever its name',
    steps: async (box) => {
      mkdirSync(join(box.bundle, 'deep'));
      symlinkSync('../rootfs', join(box.bundle, 'deep', 'tree'));
      box.patch({ '/root/path': 'deep/../rootfs' });
      await box.prints('echo here', 'here');
    },
  },
];
