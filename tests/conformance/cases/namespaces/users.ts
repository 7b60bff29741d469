// config-linux.md, user namespaces and their mappings.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { namespaceOf, status } from '../../harness/observe.ts';
import { holder } from './lists.ts';

const NAMESPACES = 'config-linux.md#configLinuxNamespaces';

const MAPPINGS = 'config-linux.md#configLinuxUserNamespaceMappings';

const MAP = [{ containerID: 0, hostID: 100_000, size: 65_536 }];

const USER = {
  '/linux/namespaces/-': { type: 'user' },
  '/linux/uidMappings': MAP,
  '/linux/gidMappings': [{ containerID: 0, hostID: 200_000, size: 65_536 }],
};

export const usersCases: Case[] = [
  {
    section: MAPPINGS,
    title: 'user: the mappings are written',
    config: USER,
    script: 'cat /proc/self/uid_map /proc/self/gid_map | tr -s " " | sed "s/^ //"',
    prints: '0 100000 65536\n0 200000 65536',
  },
  {
    section: MAPPINGS,
    title: 'user: several ranges are written in their order',
    config: {
      '/linux/namespaces/-': { type: 'user' },
      '/linux/uidMappings': [...MAP, { containerID: 70_000, hostID: 300_000, size: 10 }],
      '/linux/gidMappings': [...MAP, { containerID: 70_000, hostID: 300_000, size: 10 }],
    },
    script: 'cat /proc/self/uid_map | tr -s " " | sed "s/^ //"',
    prints: '0 100000 65536\n70000 300000 10',
  },
  {
    section: MAPPINGS,
    title: 'user: root of the container is the mapped user of the host',
    config: USER,
    steps: async (box) => {
      const pid = await box.started('id -u; id -g; exec sleep 100');
      box.equal(await box.printed(/\d\n\d/), '0\n0', 'ids inside');
      box.differ(namespaceOf(pid, 'user'), namespaceOf('self', 'user'), 'user namespace');
      box.equal(status(pid, 'Uid'), '100000 100000 100000 100000', 'uid outside');
      box.equal(status(pid, 'Gid'), '200000 200000 200000 200000', 'gid outside');
    },
  },
  {
    section: MAPPINGS,
    title: 'user: process.user is an id of the container',
    config: { ...USER, '/process/user': { uid: 1000, gid: 1001, additionalGids: [5] } },
    steps: async (box) => {
      const pid = await box.started('id -u; id -G; exec sleep 100');
      box.match(await box.printed(/\d\n\d/), /^1000\n(1001 )?1001 5$|^1000\n1001 5$/, 'inside');
      box.equal(status(pid, 'Uid').split(' ')[0], '101000', 'uid outside');
      box.equal(status(pid, 'Groups'), '200005', 'groups outside');
    },
  },
  {
    section: MAPPINGS,
    title: "user: the rootfs's owners are not changed",
    config: USER,
    steps: async (box) => {
      await box.prints('stat -c %u /etc/passwd', '65534');
      box.equal(
        box.hostCommand('stat', '-c', '%u', join(box.rootfs, 'etc/passwd')),
        '0\n',
        'owner',
      );
    },
  },
  {
    section: NAMESPACES,
    title: "user: not listed, it is the runtime's",
    steps: async (box) => {
      const pid = await box.created();
      box.equal(namespaceOf(pid, 'user'), namespaceOf('self', 'user'), 'user namespace');
    },
  },
  {
    section: NAMESPACES,
    title: 'user: with a path it is that one',
    steps: async (box) => {
      const other = await holder(box, '--user');
      for (const file of ['uid_map', 'gid_map']) {
        writeFileSync(`/proc/${other}/${file}`, '0 100000 65536\n');
      }
      const path = `/proc/${other}/ns/user`;
      box.patch({ '/linux/namespaces/-': { type: 'user', path } });
      const pid = await box.created();
      box.equal(namespaceOf(pid, 'user'), namespaceOf(other, 'user'), 'user namespace');
    },
  },
  {
    section: MAPPINGS,
    title: 'user: default devices are usable',
    config: USER,
    script: 'echo x > /dev/null && head -c 1 /dev/zero | wc -c',
    prints: '1',
  },
];
