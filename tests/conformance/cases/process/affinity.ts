// config.md, process.execCPUAffinity: for exec, never for init.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { status } from '../../harness/observe.ts';

const LINUX = 'config.md#configLinuxProcess';

export const affinityCases: Case[] = [
  {
    section: LINUX,
    title: 'execCPUAffinity.final is the affinity of an exec',
    since: '1.2',
    needs: (host) => (host.cpus < 2 ? 'the host has one CPU' : undefined),
    config: { '/process/execCPUAffinity': { initial: '0', final: '1' } },
    steps: async (box) => {
      await box.started();
      const result = await box.exec('grep ^Cpus_allowed_list /proc/$$/status');
      box.equal(result.out.trim(), 'Cpus_allowed_list:\t1', 'affinity of the exec');
    },
  },
  {
    section: LINUX,
    title: 'execCPUAffinity leaves the init process alone',
    since: '1.2',
    needs: (host) => (host.cpus < 2 ? 'the host has one CPU' : undefined),
    config: { '/process/execCPUAffinity': { initial: '0', final: '0' } },
    steps: async (box) => {
      const pid = await box.started();
      const all = status('self', 'Cpus_allowed_list');
      box.equal(status(pid, 'Cpus_allowed_list'), all, 'affinity of init');
    },
  },
  {
    section: LINUX,
    title: "an exec's own execCPUAffinity goes before the config's",
    since: '1.2',
    needs: (host) => (host.cpus < 2 ? 'the host has one CPU' : undefined),
    config: { '/process/execCPUAffinity': { final: '0' } },
    steps: async (box) => {
      await box.started();
      const file = join(box.dir, 'process.json');
      const args = ['/bin/sh', '-c', 'grep ^Cpus_allowed_list /proc/$$/status'];
      const spec = { cwd: '/', args, user: { uid: 0, gid: 0 }, execCPUAffinity: { final: '1' } };
      writeFileSync(file, JSON.stringify(spec));
      const result = await box.call('exec', '--process', file, box.id);
      box.equal(result.out.trim(), 'Cpus_allowed_list:\t1', 'affinity of the exec');
    },
  },
  {
    section: LINUX,
    title: 'an execCPUAffinity that is no list of CPUs is refused',
    since: '1.2',
    config: { '/process/execCPUAffinity': { initial: 'a-b' } },
    refused: true,
  },
];
