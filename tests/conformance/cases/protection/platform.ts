// config-linux.md: personality, mount label, Intel RDT, memory policy.

import type { Case } from '../../harness/case.ts';
import { mountAt } from '../../harness/mountinfo.ts';

export const platformCases: Case[] = [
  {
    section: 'config-linux.md#configLinuxPersonality',
    title: 'personality LINUX32 shows a 32-bit machine',
    since: '1.1',
    config: { '/linux/personality': { domain: 'LINUX32' } },
    script: 'uname -m',
    prints: /^i[3-6]86$|^armv/,
  },
  {
    section: 'config-linux.md#configLinuxPersonality',
    title: 'personality LINUX',
    since: '1.1',
    config: { '/linux/personality': { domain: 'LINUX' } },
    script: 'cat /proc/$$/personality',
    prints: '00000000',
  },
  {
    section: 'config-linux.md#configLinuxPersonality',
    title: 'a personality that does not exist is refused',
    since: '1.1',
    config: { '/linux/personality': { domain: 'WINDOWS' } },
    refused: true,
  },
  {
    section: 'config-linux.md#configLinuxMountLabel',
    title: 'mountLabel is the context of the mounts',
    needs: (host) => (host.selinux ? undefined : 'the host has no SELinux'),
    config: { '/linux/mountLabel': 'system_u:object_r:container_file_t:s0:c715,c811' },
    steps: async (box) => {
      const { superOptions } = await mountAt(box, '/dev');
      box.match(superOptions.join(','), /context=.*container_file_t/, 'options of /dev');
    },
  },
  {
    section: 'config-linux.md#configLinuxIntelRdt',
    title: 'intelRdt without a resctrl filesystem is refused',
    needs: (host) => (host.resctrl ? 'the host has a resctrl filesystem' : undefined),
    config: { '/linux/intelRdt': { closID: 'guaranteed_group', l3CacheSchema: 'L3:0=7f0' } },
    refused: true,
  },
  {
    section: 'config-linux.md#configLinuxMemoryPolicy',
    title: 'memoryPolicy MPOL_BIND holds for the program',
    since: '1.3',
    config: { '/linux/memoryPolicy': { mode: 'MPOL_BIND', nodes: '0' } },
    script: 'awk "{print \\$2}" /proc/$$/numa_maps | sort -u',
    prints: /^bind:0$/m,
  },
  {
    section: 'config-linux.md#configLinuxMemoryPolicy',
    title: 'memoryPolicy with a flag',
    since: '1.3',
    config: {
      '/linux/memoryPolicy': {
        mode: 'MPOL_INTERLEAVE',
        nodes: '0',
        flags: ['MPOL_F_STATIC_NODES'],
      },
    },
    script: 'awk "{print \\$2}" /proc/$$/numa_maps | sort -u',
    prints: /^interleave=static:0$/m,
  },
  {
    section: 'config-linux.md#configLinuxMemoryPolicy',
    title: 'a memoryPolicy that does not exist is refused',
    since: '1.3',
    config: { '/linux/memoryPolicy': { mode: 'MPOL_NOTHING' } },
    refused: true,
  },
  {
    section: 'config-linux.md#configLinuxMemoryPolicy',
    title: 'a memoryPolicy flag that does not exist is refused',
    since: '1.3',
    config: { '/linux/memoryPolicy': { mode: 'MPOL_BIND', nodes: '0', flags: ['MPOL_F_NOTHING'] } },
    refused: true,
  },
  {
    section: 'config-linux.md#configLinuxMemoryPolicy',
    title: 'MPOL_BIND without nodes is refused',
    since: '1.3',
    config: { '/linux/memoryPolicy': { mode: 'MPOL_BIND' } },
    refused: true,
  },
];
