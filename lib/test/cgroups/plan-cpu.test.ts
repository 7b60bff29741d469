import { describe, expect, it } from 'vitest';
import { detectHost, planResources, sharesToWeight } from '../../src/cgroups/index.ts';
import type { CgroupHost } from '../../src/cgroups/index.ts';
import type { LinuxCpu } from '../../src/oci/index.ts';
import { pairs, v1Host, v2Host } from './fixtures.ts';

const plan = (host: CgroupHost, cpu: LinuxCpu) => planResources(host, { cpu }, { devices: 'skip' });

describe('shares as a version 2 weight', () => {
  it.each([
    [2, 1],
    [1024, 100],
    [262_144, 10_000],
    [512, 59],
    [2048, 174],
    [4, 2],
  ])('%i shares weigh %i', (shares, weight) => {
    expect(sharesToWeight(shares)).toBe(weight);
  });

  it('never falls when shares rise', () => {
    const weights = Array.from({ length: 4000 }, (_, index) => sharesToWeight(2 + index * 65));
    expect(weights).toEqual(weights.toSorted((a, b) => a - b));
  });
});

describe('cpu on version 1', () => {
  it('writes the period before the quota, and lets it wait for the quota', () => {
    const writes = plan(v1Host(), { period: 50_000, quota: 25_000 });
    expect(pairs(writes)).toEqual(['cpu.cfs_period_us=50000', 'cpu.cfs_quota_us=25000']);
    expect(writes[0]).toMatchObject({ tied: true, source: '/linux/resources/cpu/period' });
  });

  it('ends idleness before it sets shares, and sets none for the idle, who refuse them', () => {
    expect(pairs(plan(v1Host(), { shares: 100, idle: 0 }))).toEqual([
      'cpu.idle=0',
      'cpu.shares=100',
    ]);
    expect(pairs(plan(v1Host(), { shares: 100, idle: 1 }))).toEqual(['cpu.idle=1']);
  });

  it.each([
    [1, 'the minimum allowed cpu-shares is 2'],
    [262_145, 'the maximum allowed cpu-shares is 262144'],
  ])('refuses %i shares, which the kernel would change in silence', (shares, message) => {
    expect(() => plan(v1Host(), { shares })).toThrow(message);
  });

  it('writes real-time limits', () => {
    const writes = plan(v1Host(), { realtimePeriod: 1_000_000, realtimeRuntime: 1000 });
    expect(pairs(writes)).toEqual(['cpu.rt_period_us=1000000', 'cpu.rt_runtime_us=1000']);
  });
});

describe('cpu on version 2', () => {
  it.each([
    [{ quota: 25_000, period: 50_000 }, 'cpu.max=25000 50000'],
    [{ quota: 25_000 }, 'cpu.max=25000 100000'],
    [{ quota: -1 }, 'cpu.max=max 100000'],
    [{ period: 50_000 }, 'cpu.max=max 50000'],
    [{ shares: 1024 }, 'cpu.weight=100'],
  ])('%o becomes %s', (cpu, expected) => {
    expect(pairs(plan(v2Host(), cpu))).toEqual([expected]);
  });

  it('refuses real-time limits, which have no counterpart', () => {
    expect(() => plan(v2Host(), { realtimeRuntime: 1000 })).toThrow(
      expect.objectContaining({
        code: 'CGROUP_UNSUPPORTED',
        source: '/linux/resources/cpu/realtimeRuntime',
      }),
    );
  });
});

describe('cpu on either', () => {
  it('takes 0 for "not asked for", as dockerd sends it', () => {
    const zeros = { shares: 0, quota: 0, period: 0, realtimePeriod: 0, realtimeRuntime: 0 };
    expect(plan(v1Host(), { ...zeros, cpus: '', mems: '' })).toEqual([]);
  });

  it('refuses a burst above the quota', () => {
    expect(() => plan(v2Host(), { quota: 1000, burst: 1001 })).toThrow(
      expect.objectContaining({ code: 'CGROUP_INVALID', source: '/linux/resources/cpu/burst' }),
    );
  });

  it('writes cpuset lists as they are, and refuses what is none', () => {
    expect(pairs(plan(v2Host(), { cpus: '0-3,7', mems: '0' }))).toEqual([
      'cpuset.cpus=0-3,7',
      'cpuset.mems=0',
    ]);
    expect(() => plan(v1Host(), { cpus: '0-' })).toThrow(/not a list such as/);
  });

  it('is an error naming the resource where the host has no such controller', () => {
    const bare = detectHost({
      mountinfo: '40 31 0:37 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids',
      selfCgroup: '1:pids:/\n',
    });
    expect(() => plan(bare, { shares: 100 })).toThrow(
      expect.objectContaining({ code: 'CGROUP_NO_CONTROLLER', controller: 'cpu' }),
    );
    expect(() => planResources(bare)).toThrow(/has no devices controller/);
  });
});
