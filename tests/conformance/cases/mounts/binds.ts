// config.md, bind mounts: sources, destinations, recursion, flags.

import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { mountAt } from '../../harness/mountinfo.ts';
import { bind, nestedSource, sourceFolder } from './sources.ts';

const MOUNTS = 'config.md#configMounts';

const LINUX_OPTIONS = 'config.md#configLinuxMountOptions';

export const bindsCases: Case[] = [
  {
    section: MOUNTS,
    title: 'bind: a folder of the host appears and is writable',
    steps: async (box) => {
      const source = sourceFolder(box);
      box.patch({ '/mounts/-': bind(source, '/mnt') });
      await box.prints('cat /mnt/hello; touch /mnt/new', 'hello');
      box.that(existsSync(join(source, 'new')), 'the file was made on the host', 'absent');
    },
  },
  {
    section: MOUNTS,
    title: 'bind: a single file',
    config: (box) => ({ '/mounts/-': bind(join(sourceFolder(box), 'hello'), '/etc/passwd') }),
    script: 'cat /etc/passwd',
    prints: 'hello',
  },
  {
    section: MOUNTS,
    title: 'bind: a source may be relative to the bundle',
    steps: async (box) => {
      mkdirSync(join(box.bundle, 'data'));
      writeFileSync(join(box.bundle, 'data/hello'), 'hello');
      box.patch({ '/mounts/-': bind('data', '/mnt') });
      await box.prints('cat /mnt/hello', 'hello');
    },
  },
  {
    section: MOUNTS,
    title: 'bind: a source that does not exist is an error',
    config: (box) => ({ '/mounts/-': bind(join(box.dir, 'absent'), '/mnt') }),
    refused: true,
  },
  {
    section: MOUNTS,
    title: 'bind: a missing destination folder is made',
    config: (box) => ({ '/mounts/-': bind(sourceFolder(box), '/a/new/folder') }),
    script: 'cat /a/new/folder/hello',
    prints: 'hello',
  },
  {
    section: MOUNTS,
    title: 'bind: a missing destination file is made',
    config: (box) => ({ '/mounts/-': bind(join(sourceFolder(box), 'hello'), '/a/new/file') }),
    script: 'cat /a/new/file',
    prints: 'hello',
  },
  {
    section: LINUX_OPTIONS,
    title: 'bind takes no mounts below the source along',
    config: (box) => ({ '/mounts/-': bind(nestedSource(box), '/mnt') }),
    script: 'ls /mnt/below; echo end',
    prints: 'end',
  },
  {
    section: LINUX_OPTIONS,
    title: 'rbind takes the mounts below the source along',
    config: (box) => ({
      '/mounts/-': { source: nestedSource(box), destination: '/mnt', options: ['rbind'] },
    }),
    script: 'ls /mnt/below',
    prints: 'deep',
  },
  {
    section: LINUX_OPTIONS,
    title: 'bind with ro is read-only, the source stays writable',
    steps: async (box) => {
      const source = sourceFolder(box);
      box.patch({ '/mounts/-': bind(source, '/mnt', 'ro') });
      await box.prints('touch /mnt/x 2>&1', /Read-only file system/);
      writeFileSync(join(source, 'x'), '');
    },
  },
  {
    section: LINUX_OPTIONS,
    title: 'bind with nosuid, nodev and noexec',
    steps: async (box) => {
      box.patch({ '/mounts/-': bind(sourceFolder(box), '/mnt', 'nosuid', 'nodev', 'noexec') });
      const { options } = await mountAt(box, '/mnt');
      const wanted = ['nosuid', 'nodev', 'noexec'];
      box.equal(
        wanted.filter((option) => !options.includes(option)),
        [],
        'options not set',
      );
    },
  },
  {
    section: MOUNTS,
    title: 'bind: a symlink as source is followed',
    steps: async (box) => {
      symlinkSync(sourceFolder(box), join(box.dir, 'link'));
      box.patch({ '/mounts/-': bind(join(box.dir, 'link'), '/mnt') });
      await box.prints('cat /mnt/hello', 'hello');
    },
  },
];
