// config.md, process: no_new_privs, the OOM score, security labels.

import type { Case } from '../../harness/case.ts';

const LINUX = 'config.md#configLinuxProcess';

export const privilegesCases: Case[] = [
  {
    section: LINUX,
    title: 'noNewPrivileges sets no_new_privs',
    config: { '/process/noNewPrivileges': true },
    script: 'grep ^NoNewPrivs /proc/$$/status',
    prints: 'NoNewPrivs:\t1',
  },
  {
    section: LINUX,
    title: 'without noNewPrivileges it is not set',
    config: { '/process/noNewPrivileges': undefined },
    script: 'grep ^NoNewPrivs /proc/$$/status',
    prints: 'NoNewPrivs:\t0',
  },
  {
    section: LINUX,
    title: 'oomScoreAdj is set',
    config: { '/process/oomScoreAdj': 123 },
    script: 'cat /proc/$$/oom_score_adj',
    prints: '123',
  },
  {
    section: LINUX,
    title: 'an oomScoreAdj of 0 is a value like any other',
    config: { '/process/oomScoreAdj': 0 },
    script: 'cat /proc/$$/oom_score_adj',
    prints: '0',
  },
  {
    section: LINUX,
    title: 'without oomScoreAdj it stays as inherited',
    steps: async (box) => {
      box.script('cat /proc/$$/oom_score_adj');
      box.writeConfig();
      const via = ['sh', '-c', 'echo 77 > /proc/self/oom_score_adj; exec "$@"', 'sh'];
      const result = await box.callVia(via, 'run', '-b', box.bundle, box.id);
      box.equal(result.out.trim(), '77', 'oom_score_adj');
    },
  },
  {
    section: LINUX,
    title: 'an oomScoreAdj above 1000 is refused',
    config: { '/process/oomScoreAdj': 1001 },
    refused: true,
  },
  {
    section: LINUX,
    title: 'an apparmorProfile on a host without AppArmor is refused',
    needs: (host) => (host.apparmor ? 'the host has AppArmor' : undefined),
    config: { '/process/apparmorProfile': 'acme_secure_profile' },
    refused: true,
  },
  {
    section: LINUX,
    title: 'a selinuxLabel on a host without SELinux is refused',
    needs: (host) => (host.selinux ? 'the host has SELinux' : undefined),
    config: { '/process/selinuxLabel': 'system_u:system_r:svirt_lxc_net_t:s0:c1,c2' },
    refused: true,
  },
];
