// config.md, hostname and domainname.

import type { Case } from '../../harness/case.ts';

export const namesCases: Case[] = [
  {
    section: 'config.md#configHostname',
    title: 'hostname is set',
    config: { '/hostname': 'mrsdalloway' },
    script: 'hostname',
    prints: 'mrsdalloway',
  },
  {
    section: 'config.md#configDomainname',
    title: 'domainname is set',
    since: '1.1',
    config: { '/domainname': 'foobarbaz.test' },
    script: 'cat /proc/sys/kernel/domainname',
    prints: 'foobarbaz.test',
  },
  {
    section: 'config.md#configHostname',
    title: "hostname leaves the host's alone",
    config: { '/hostname': 'mrsdalloway' },
    steps: async (box) => {
      const before = box.hostCommand('hostname');
      await box.prints('hostname', 'mrsdalloway');
      box.equal(box.hostCommand('hostname'), before, "the host's name");
    },
  },
];
