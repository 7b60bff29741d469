// runc update: flags, files, and what stays as it was.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { controlled } from '../../harness/host.ts';
import { cgroupFile } from '../../harness/observe.ts';

/** `update` with these flags must write the value to the file: `[file, value]` of each version. */
function updates(flags: string[], controller: string, v1: Written, v2: Written): Case {
  return {
    section: 'runc-update(8)',
    title: `update ${flags.join(' ')}`,
    needs: controlled(controller),
    steps: async (box) => {
      const [file, value] = box.host.cgroups === 'v2' ? v2 : v1;
      await box.started();
      box.succeeded(await box.call('update', ...flags, box.id), 'update');
      if (typeof value === 'string') box.equal(cgroupFile(box, controller, file), value, file);
      else box.match(cgroupFile(box, controller, file), value, file);
    },
  };
}

type Written = readonly [file: string, value: string | RegExp];

const PIDS: Written = ['pids.max', '42'];
const CPUS: Written = ['cpuset.cpus', '0'];
/** What 200 shares are as a weight: of the two conversions in use, see cgroups/cpu.ts. */
const WEIGHT_OF_200 = /^(8|29)$/;

export const updateCases: Case[] = [
  updates(
    ['--memory', '50331648'],
    'memory',
    ['memory.limit_in_bytes', '50331648'],
    ['memory.max', '50331648'],
  ),
  updates(
    ['--memory-reservation', '33554432'],
    'memory',
    ['memory.soft_limit_in_bytes', '33554432'],
    ['memory.low', '33554432'],
  ),
  updates(['--cpu-share', '200'], 'cpu', ['cpu.shares', '200'], ['cpu.weight', WEIGHT_OF_200]),
  updates(
    ['--cpu-quota', '40000', '--cpu-period', '80000'],
    'cpu',
    ['cpu.cfs_quota_us', '40000'],
    ['cpu.max', '40000 80000'],
  ),
  updates(['--cpuset-cpus', '0'], 'cpuset', CPUS, CPUS),
  updates(['--pids-limit', '42'], 'pids', PIDS, PIDS),
  {
    section: 'runc-update(8)',
    title: 'update --resources FILE',
    needs: controlled('pids'),
    steps: async (box) => {
      await box.started();
      const file = join(box.dir, 'resources.json');
      writeFileSync(file, JSON.stringify({ pids: { limit: 33 }, cpu: { shares: 200 } }));
      box.succeeded(await box.call('update', '--resources', file, box.id), 'update');
      box.equal(cgroupFile(box, 'pids', 'pids.max'), '33', 'pids.max');
      if (box.host.cgroups === 'v2') {
        box.match(cgroupFile(box, '', 'cpu.weight'), WEIGHT_OF_200, 'cpu.weight');
      } else {
        box.equal(cgroupFile(box, 'cpu', 'cpu.shares'), '200', 'cpu.shares');
      }
    },
  },
  {
    section: 'runc-update(8)',
    title: 'update --resources - reads stdin',
    needs: controlled('pids'),
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
    needs: controlled('memory'),
    config: { '/linux/resources/memory': { limit: 67_108_864 } },
    steps: async (box) => {
      await box.started();
      box.succeeded(await box.call('update', '--pids-limit', '42', box.id), 'update');
      const file = box.host.cgroups === 'v2' ? 'memory.max' : 'memory.limit_in_bytes';
      box.equal(cgroupFile(box, 'memory', file), '67108864', file);
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
