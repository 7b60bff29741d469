// config-linux.md, rootfsPropagation.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { mountAt } from '../../harness/mountinfo.ts';

const PROPAGATION = 'config-linux.md#configLinuxRootfsMountPropagation';

export const rootfsPropagationCases: Case[] = [
  ...(
    [
      ['shared', ['shared']],
      ['private', []],
      ['unbindable', ['unbindable']],
    ] as const
  ).map(([name, tags]): Case => {
    return {
      section: PROPAGATION,
      title: `rootfsPropagation ${name}`,
      config: { '/linux/rootfsPropagation': name },
      steps: async (box) => box.equal((await mountAt(box, '/')).propagation, tags, 'of /'),
    };
  }),
  {
    section: PROPAGATION,
    title: 'rootfsPropagation slave: what the host mounts later appears in the container',
    config: { '/linux/rootfsPropagation': 'slave' },
    steps: async (box) => {
      box.hostCommand('mount', '--make-shared', '/');
      box.undo.push(() => void box.hostCommand('mount', '--make-private', '/'));
      await box.started('echo up; while ! [ -e /mnt/file ]; do sleep 0.05; done; echo seen');
      await box.printed(/up/);
      box.hostMount('-t', 'tmpfs', 'tmpfs', join(box.rootfs, 'mnt'));
      writeFileSync(join(box.rootfs, 'mnt/file'), '');
      await box.printed(/seen/);
    },
  },
  {
    section: PROPAGATION,
    title: 'without rootfsPropagation what the container mounts stays inside',
    steps: async (box) => {
      box.hostCommand('mount', '--make-shared', '/');
      box.undo.push(() => void box.hostCommand('mount', '--make-private', '/'));
      box.patch({ '/mounts/-': { destination: '/mnt', type: 'tmpfs', source: 'tmpfs' } });
      await box.started();
      const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
      box.that(!mounts.includes(`${box.rootfs}/mnt`), 'the host does not see it', 'it does');
    },
  },
  {
    section: PROPAGATION,
    title: 'a rootfsPropagation that does not exist is refused',
    config: { '/linux/rootfsPropagation': 'sideways' },
    refused: true,
  },
];
