// config.md, uidMappings and gidMappings of a mount.

import type { Case } from '../../harness/case.ts';
import { bind, nestedSource, sourceFolder } from './sources.ts';

const LINUX_OPTIONS = 'config.md#configLinuxMountOptions';

export const idmappedCases: Case[] = [
  {
    section: 'config.md#configPOSIXMounts',
    title: 'idmap: owners appear shifted by uidMappings and gidMappings',
    since: '1.2',
    config: (box) => ({
      '/mounts/-': {
        ...bind(sourceFolder(box), '/mnt', 'idmap'),
        uidMappings: [{ containerID: 0, hostID: 1000, size: 10 }],
        gidMappings: [{ containerID: 0, hostID: 2000, size: 10 }],
      },
    }),
    script: 'stat -c "%u %g" /mnt/hello',
    prints: '1000 2000',
  },
  {
    section: 'config.md#configPOSIXMounts',
    title: 'ridmap reaches the mounts below, idmap does not',
    since: '1.2',
    steps: async (box) => {
      const mappings = {
        uidMappings: [{ containerID: 0, hostID: 1000, size: 10 }],
        gidMappings: [{ containerID: 0, hostID: 1000, size: 10 }],
      };
      const source = nestedSource(box);
      const mount = { source, type: 'none', ...mappings };
      box.patch({
        '/mounts/6': { ...mount, destination: '/one', options: ['rbind', 'idmap'] },
        '/mounts/7': { ...mount, destination: '/all', options: ['rbind', 'ridmap'] },
      });
      await box.prints('stat -c %u /one/below/deep /all/below/deep', '0\n1000');
    },
  },
  {
    section: LINUX_OPTIONS,
    title: 'idmap without mappings and without a user namespace is refused',
    since: '1.2',
    config: (box) => ({ '/mounts/-': bind(sourceFolder(box), '/mnt', 'idmap') }),
    refused: true,
  },
  {
    section: 'config.md#configPOSIXMounts',
    title: 'uidMappings without gidMappings are refused',
    since: '1.2',
    config: (box) => ({
      '/mounts/-': {
        ...bind(sourceFolder(box), '/mnt', 'idmap'),
        uidMappings: [{ containerID: 0, hostID: 1000, size: 10 }],
      },
    }),
    refused: true,
  },
];
