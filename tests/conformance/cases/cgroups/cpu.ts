// config-linux.md, cpu and cpuset.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Case } from '../../harness/case.ts';
import { Skip } from '../../harness/case.ts';
import { controlled, v1, v2 } from '../../harness/host.ts';
import { cgroupFile, cgroupFolder } from '../../harness/observe.ts';
import { value } from './value.ts';

const CPU = 'config-linux.md#configLinuxCPU';

export const cpuCases: Case[] = [
  value(
    CPU,
    'cpu.shares',
    'cpu',
    { 'cpu/shares': 512 },
    // Two conversions are in use: a straight line from end to end, and since runc 1.3.2 and crun 1.23
    // a curve that maps the usual share onto the usual weight.
    { v1: { 'cpu.shares': '512' }, v2: { 'cpu.weight': /^(20|59)$/ } },
  ),
  value(
    CPU,
    'cpu.quota and cpu.period',
    'cpu',
    { cpu: { quota: 30_000, period: 60_000 } },
    {
      v1: { 'cpu.cfs_quota_us': '30000', 'cpu.cfs_period_us': '60000' },
      v2: { 'cpu.max': '30000 60000' },
    },
  ),
  value(
    CPU,
    'cpu.period alone',
    'cpu',
    { 'cpu/period': 50_000 },
    { v1: { 'cpu.cfs_period_us': '50000' }, v2: { 'cpu.max': 'max 50000' } },
  ),
  value(
    CPU,
    'cpu.quota of -1 is no limit',
    'cpu',
    { 'cpu/quota': -1 },
    { v1: { 'cpu.cfs_quota_us': '-1' }, v2: { 'cpu.max': 'max 100000' } },
  ),
  value(
    CPU,
    'cpu.burst',
    'cpu',
    { cpu: { quota: 30_000, period: 60_000, burst: 20_000 } },
    { v1: { 'cpu.cfs_burst_us': '20000' }, v2: { 'cpu.max.burst': '20000' } },
    { since: '1.1' },
  ),
  value(
    CPU,
    'cpu.idle',
    'cpu',
    { 'cpu/idle': 1 },
    { v1: { 'cpu.idle': '1' }, v2: { 'cpu.idle': '1' } },
    { since: '1.1' },
  ),
  {
    section: 'config-linux.md#configLinuxUnified',
    title: 'cpu.realtimeRuntime, which v2 does not have, is refused',
    since: '1.1',
    needs: v2,
    config: { '/linux/resources/cpu': { realtimePeriod: 500_000, realtimeRuntime: 5000 } },
    refused: true,
  },
  {
    section: CPU,
    title: 'cpu.realtimeRuntime and cpu.realtimePeriod',
    needs: v1('cpu'),
    config: { '/linux/resources/cpu': { realtimePeriod: 500_000, realtimeRuntime: 5000 } },
    steps: async (box) => {
      // A cgroup has no more of a budget than its parent gives.
      const parent = dirname(cgroupFolder(box, 'cpu'));
      mkdirSync(parent, { recursive: true });
      const budget = join(parent, 'cpu.rt_runtime_us');
      if (!existsSync(budget)) throw new Skip('the kernel does not group real-time tasks');
      writeFileSync(budget, '20000');
      await box.created();
      box.equal(cgroupFile(box, 'cpu', 'cpu.rt_period_us'), '500000', 'cpu.rt_period_us');
      box.equal(cgroupFile(box, 'cpu', 'cpu.rt_runtime_us'), '5000', 'cpu.rt_runtime_us');
    },
  },
  value(
    CPU,
    'cpu.cpus and cpu.mems',
    'cpuset',
    { cpu: { cpus: '0', mems: '0' } },
    {
      v1: { 'cpuset.cpus': '0', 'cpuset.mems': '0' },
      v2: { 'cpuset.cpus': '0', 'cpuset.mems': '0' },
    },
  ),
  {
    section: CPU,
    title: 'cpu.cpus is where the program may run',
    needs: controlled('cpuset'),
    config: { '/linux/resources/cpu': { cpus: '0' } },
    script: 'grep Cpus_allowed_list /proc/$$/status',
    prints: 'Cpus_allowed_list:\t0',
  },
  {
    section: CPU,
    title: 'a CPU that the host does not have is refused',
    needs: controlled('cpuset'),
    config: { '/linux/resources/cpu': { cpus: '4000' } },
    refused: true,
  },
  {
    section: CPU,
    title: 'a quota below the least is refused',
    needs: controlled('cpu'),
    config: { '/linux/resources/cpu': { quota: 10, period: 60_000 } },
    refused: true,
  },
];
