// config.md, mounts: their order, and where a destination leads.

import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { mountAt } from '../../harness/mountinfo.ts';
import { bind, sourceFolder, tmpfs } from './sources.ts';

const MOUNTS = 'config.md#configMounts';

export const orderCases: Case[] = [
  {
    section: MOUNTS,
    title: 'mounts happen in the listed order: a later one lies on an earlier one',
    config: (box) => ({
      '/mounts/-': tmpfs('/mnt'),
      '/mounts/6': tmpfs('/mnt'),
      '/mounts/7': bind(sourceFolder(box), '/mnt/inner'),
    }),
    script: 'cat /mnt/inner/hello',
    prints: 'hello',
  },
  {
    section: MOUNTS,
    title: 'mounts happen in the listed order: a later one hides an earlier one below it',
    config: (box) => ({
      '/mounts/6': bind(sourceFolder(box), '/mnt/inner'),
      '/mounts/7': tmpfs('/mnt'),
    }),
    script: 'ls /mnt; echo end',
    prints: 'end',
  },
  {
    section: MOUNTS,
    title: 'a relative destination is relative to /',
    config: { '/process/cwd': '/etc', '/mounts/-': tmpfs('relative/place') },
    steps: async (box) => box.equal((await mountAt(box, '/relative/place')).type, 'tmpfs', 'type'),
  },
  {
    section: MOUNTS,
    title: 'a destination that is an absolute symlink is resolved inside the container',
    steps: async (box) => {
      const outside = join(box.dir, 'outside');
      mkdirSync(outside);
      mkdirSync(join(box.rootfs, outside), { recursive: true });
      symlinkSync(outside, join(box.rootfs, 'link'));
      box.patch({ '/mounts/-': tmpfs('/link/place') });
      box.equal((await mountAt(box, join(outside, 'place'))).type, 'tmpfs', 'type');
      box.that(!existsSync(join(outside, 'place')), 'nothing was made on the host', 'place exists');
    },
  },
  {
    section: MOUNTS,
    title: 'a destination with ".." stays inside the container',
    steps: async (box) => {
      symlinkSync('../../../../..', join(box.rootfs, 'up'));
      box.patch({ '/mounts/-': tmpfs('/up/conformance-place') });
      box.equal((await mountAt(box, '/conformance-place')).type, 'tmpfs', 'type');
      box.that(!existsSync('/conformance-place'), 'nothing was made on the host', 'it exists');
    },
  },
  {
    section: MOUNTS,
    title: 'a mount without a destination is refused',
    config: { '/mounts/-': { type: 'tmpfs', source: 'tmpfs' } },
    refused: true,
  },
  {
    section: 'config.md#configPOSIXMounts',
    title: 'a filesystem the kernel does not know is refused',
    config: { '/mounts/-': { destination: '/mnt', type: 'no-such-filesystem', source: 'none' } },
    refused: true,
  },
];
