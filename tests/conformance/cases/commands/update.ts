// runc update: flags, files, and what stays as it was.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { v1 } from '../../harness/host.ts';
import { cgroupFile } from '../../harness/observe.ts';

/** `update` with these flags must write `value` to the file. */
function updates(flags: string[], controller: string, file: string, value: string): Case {
  return {
    section: 'runc-update(8)',
    title: `update ${flags.join(' ')}`,
    needs: v1(controller),
    steps: async (box) => {
      await box.started();
      box.succeeded(await box.call('update', ...flags, box.id), 'update');
      box.equal(cgroupFile(box, controller, file), value, file);
    },
  };
}

export const updateCases: Case[] = [
  updates(['--memory', '50331648'], 'memory', 'memory.limit_in_bytes', '50331648'),
  updates(['--memory-reservation', '33554432'], 'memory', 'memory.soft_limit_in_bytes', '33554432'),
  updates(['--cpu-share', '300'], 'cpu', 'cpu.shares', '300'),
  updates(['--cpu-quota', '40000', '--cpu-period', '80000'], 'cpu', 'cpu.cfs_quota_us', '40000'),
  updates(['--cpuset-cpus', '0'], 'cpuset', 'cpuset.cpus', '0'),
  updates(['--pids-limit', '42'], 'pids', 'pids.max', '42'),
  {
    section: 'runc-update(8)',
    title: 'update --resources FILE',
    needs: v1('pids'),
    steps: async (box) => {
      await box.started();
      const file = join(box.dir, 'resources.json');
      writeFileSync(file, JSON.stringify({ pids: { limit: 33 }, cpu: { shares: 200 } }));
      box.succeeded(await box.call('update', '--resources', file, box.id), 'update');
      box.equal(cgroupFile(box, 'pids', 'pids.max'), '33', 'pids.max');
      box.equal(cgroupFile(box, 'cpu', 'cpu.shares'), '200', 'cpu.shares');
    },
  },
  {
    section: 'runc-update(8)',
    title: 'update --resources - reads stdin',
    needs: v1('pids'),
    steps: async (box) => {
      await box.started();
      const file = join(box.dir, 'resources.json');
      writeFileSync(file, JSON.stringify({ pids: { limit: 33 } }));
      const result = await box.callWith({ stdin: file }, 'update', '--resources', '-', box.id);
      box.succeeded(result, 'update');
      box.equal(cgroupFile(box, 'pids', 'pids.max'), '33', 'pids.max');
    },
  },
  {
    section: 'runc-update(8)',
    title: 'update leaves what it does not name as it was',
    needs: v1('memory'),
    config: { '/linux/resources/memory': { limit: 67_108_864 } },
    steps: async (box) => {
      await box.started();
      box.succeeded(await box.call('update', '--pids-limit', '42', box.id), 'update');
      box.equal(cgroupFile(box, 'memory', 'memory.limit_in_bytes'), '67108864', 'memory limit');
    },
  },
  {
    section: 'runc-update(8)',
    title: 'update of a stopped container is an error',
    steps: async (box) => {
      await box.stopped();
      box.failed(await box.call('update', '--pids-limit', '42', box.id), 'update');
    },
  },
];
