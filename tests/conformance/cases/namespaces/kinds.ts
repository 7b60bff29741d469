// config-linux.md, namespaces: each kind new, absent, and by path; wrong ones.

import type { Case } from '../../harness/case.ts';
import { namespaceOf } from '../../harness/observe.ts';
import { KINDS, holder, list } from './lists.ts';

const NAMESPACES = 'config-linux.md#configLinuxNamespaces';

export const kindsCases: Case[] = [
  ...KINDS.map(([type, file]): Case => {
    return {
      section: NAMESPACES,
      title: `${type}: without a path it is new`,
      config: { '/linux/namespaces': list(type, { type }) },
      steps: async (box) => {
        const pid = await box.created();
        box.differ(namespaceOf(pid, file), namespaceOf('self', file), `${type} namespace`);
      },
    };
  }),
  ...KINDS.filter(([type]) => type !== 'mount').map(([type, file]): Case => {
    return {
      section: NAMESPACES,
      title: `${type}: not listed, it is the runtime's`,
      config: {
        '/linux/namespaces': list(type),
        // sysfs belongs to a network namespace, mqueue to an ipc namespace that one must own.
        ...(type === 'network' ? { '/mounts': [{ destination: '/proc', type: 'proc' }] } : {}),
      },
      steps: async (box) => {
        const pid = await box.created();
        box.equal(namespaceOf(pid, file), namespaceOf('self', file), `${type} namespace`);
      },
    };
  }),
  ...KINDS.filter(([type]) => type !== 'mount').map(([type, file, flag]): Case => {
    return {
      section: NAMESPACES,
      title: `${type}: with a path it is that one`,
      steps: async (box) => {
        const other = await holder(box, flag);
        const path = `/proc/${other}/ns/${file}`;
        box.patch({ '/linux/namespaces': list(type, { type, path }) });
        const pid = await box.created();
        box.equal(namespaceOf(pid, file), namespaceOf(other, file), `${type} namespace`);
      },
    };
  }),
  {
    section: NAMESPACES,
    title: 'a path that is a namespace of another type is refused',
    config: { '/linux/namespaces': list('network', { type: 'network', path: '/proc/1/ns/uts' }) },
    refused: true,
  },
  {
    section: NAMESPACES,
    title: 'a path that does not exist is refused',
    config: { '/linux/namespaces': list('network', { type: 'network', path: '/no/such/ns' }) },
    refused: true,
  },
  {
    section: NAMESPACES,
    title: 'a path that is no namespace is refused',
    config: { '/linux/namespaces': list('network', { type: 'network', path: '/etc/hostname' }) },
    refused: true,
  },
  {
    section: NAMESPACES,
    title: 'a relative path is refused',
    config: { '/linux/namespaces': list('network', { type: 'network', path: 'proc/1/ns/net' }) },
    refused: true,
  },
  {
    section: NAMESPACES,
    title: 'two namespaces of one type are refused',
    config: { '/linux/namespaces/-': { type: 'uts' } },
    refused: true,
  },
  {
    section: NAMESPACES,
    title: 'a type that does not exist is refused',
    config: { '/linux/namespaces/-': { type: 'weather' } },
    refused: true,
  },
  {
    section: NAMESPACES,
    title: 'pid: the program is process 1 and sees no other',
    script: 'echo $$; ls /proc | grep -E "^[0-9]+$" | wc -l',
    prints: /^1\n[34]$/,
  },
  {
    section: NAMESPACES,
    title: 'network: a new one has the loopback device only',
    script: 'ls /sys/class/net | grep -v ifb',
    prints: 'lo',
  },
  {
    section: NAMESPACES,
    title: 'cgroup: a new one shows the container at the root of the tree',
    config: { '/linux/namespaces/-': { type: 'cgroup' } },
    script: 'cut -d: -f3 /proc/self/cgroup | sort -u',
    prints: '/',
  },
];
