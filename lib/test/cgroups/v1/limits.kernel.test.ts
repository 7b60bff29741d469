/** Version 1 files: what they say after each limit, and what a refusal says. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readHost } from '../../../src/cgroups/index.ts';
import { TestCgroup, gone, onVersionOne } from '../kernel.ts';

const MB = 1 << 20;

/** A hybrid host may have left this controller to version 2. */
const hugetlbIsUnified = readHost().controllers.get('hugetlb')?.version === 2;

describe.runIf(onVersionOne)('creating a cgroup', () => {
  it('fills cpusets all the way down, or no process could join', () => {
    using test = new TestCgroup();
    const path = test.cgroup.paths.cpuset ?? '';
    const root = readHost().controllers.get('cpuset')?.mountpoint ?? '';
    const expected = readFileSync(join(root, 'cpuset.cpus'), 'utf8');
    expect(readFileSync(join(path, 'cpuset.cpus'), 'utf8')).toBe(expected);
    expect(readFileSync(join(dirname(path), 'cpuset.cpus'), 'utf8')).toBe(expected);
    expect(test.read('cpuset', 'cpuset.mems')).not.toBe('');
  });

  it('takes no release_agent: a container may not name a program for the host to run', () => {
    using test = new TestCgroup();
    expect(test.read('memory', 'notify_on_release')).toBe('0');
    expect(existsSync(join(test.cgroup.paths.memory ?? '', 'release_agent'))).toBe(false);
  });
});

describe.runIf(onVersionOne)('limits', () => {
  it('are what the kernel says afterwards', () => {
    using test = new TestCgroup();
    test.apply({
      memory: { limit: 64 * MB, swap: 96 * MB, reservation: 32 * MB, swappiness: 10 },
      cpu: { shares: 512, quota: 20_000, period: 50_000, burst: 10_000, cpus: '0' },
      pids: { limit: 42 },
      blockIO: { weight: 300 },
    });
    expect(test.read('memory', 'memory.limit_in_bytes')).toBe(String(64 * MB));
    expect(test.read('memory', 'memory.memsw.limit_in_bytes')).toBe(String(96 * MB));
    expect(test.read('memory', 'memory.soft_limit_in_bytes')).toBe(String(32 * MB));
    expect(test.read('memory', 'memory.swappiness')).toBe('10');
    expect(test.read('cpu', 'cpu.shares')).toBe('512');
    expect(test.read('cpu', 'cpu.cfs_quota_us')).toBe('20000');
    expect(test.read('cpu', 'cpu.cfs_period_us')).toBe('50000');
    expect(test.read('cpu', 'cpu.cfs_burst_us')).toBe('10000');
    expect(test.read('cpuset', 'cpuset.cpus')).toBe('0');
    expect(test.read('pids', 'pids.max')).toBe('42');
    expect(test.read('blkio', 'blkio.bfq.weight')).toBe('300');
  });

  it('of memory and of memory with swap can be raised, lowered and lifted together', () => {
    using test = new TestCgroup();
    const limits = () => [
      test.read('memory', 'memory.limit_in_bytes'),
      test.read('memory', 'memory.memsw.limit_in_bytes'),
    ];
    for (const [limit, swap] of [
      [64, 64],
      [256, 256],
      [16, 32],
      [128, 200],
    ] as const) {
      test.apply({ memory: { limit: limit * MB, swap: swap * MB } });
      expect(limits()).toEqual([String(limit * MB), String(swap * MB)]);
    }
    test.apply({ memory: { limit: -1 } });
    expect(limits()).toEqual(['9223372036854771712', '9223372036854771712']);
  });

  it('of CPU time can move in both directions with a burst that fits only the new quota', () => {
    using test = new TestCgroup();
    test.apply({ cpu: { quota: 10_000, burst: 5000, period: 100_000 } });
    test.apply({ cpu: { quota: 50_000, burst: 40_000, period: 100_000 } });
    expect(test.read('cpu', 'cpu.cfs_burst_us')).toBe('40000');
    test.apply({ cpu: { quota: 2000, burst: 1000, period: 10_000 } });
    expect(test.read('cpu', 'cpu.cfs_quota_us')).toBe('2000');
  });

  it('of CPU time survive every change between idle and not', () => {
    using test = new TestCgroup();
    for (const idle of [1, 0, 1, 1]) {
      test.apply({ cpu: { shares: 100, idle } });
      expect(test.read('cpu', 'cpu.idle')).toBe(String(idle));
    }
    expect(() => test.apply({ cpu: { idle: 2 } })).toThrow(/EINVAL/);
  });

  it('on processes end forks', () => {
    using test = new TestCgroup();
    test.apply({ pids: { limit: 0 } });
    const { status, output } = test.run('/bin/true; echo not reached');
    expect(status).not.toBe(0);
    expect(output).toMatch(/fork/i);
  });

  it.runIf(hugetlbIsUnified)(
    'of huge pages go to version 2 here, where the controller is let through on demand',
    () => {
      const unified = readHost().unified?.mountpoint ?? '';
      const control = join(unified, 'cgroup.subtree_control');
      const before = readFileSync(control, 'utf8');
      using test = new TestCgroup();
      test.apply({ hugepageLimits: [{ pageSize: '2MB', limit: 4 * MB }] });
      expect(test.read('', 'hugetlb.2MB.max')).toBe(String(4 * MB));
      expect(test.read('', 'hugetlb.2MB.rsvd.max')).toBe(String(4 * MB));
      expect(test.cgroup.stats().hugetlb['2MB']).toEqual({ usage: 0n, max: 0n, failcnt: 0n });
      restoreHugetlb(test, control, before);
    },
  );
});

describe.runIf(onVersionOne)('a limit the kernel refuses', () => {
  it('below what is in use says how much that is', () => {
    using test = new TestCgroup();
    // A file of 8 MB in tmpfs cannot be reclaimed without swap.
    test.apply({ memory: { limit: 64 * MB, swap: 64 * MB } });
    const file = `/dev/shm/coracle-cgroups-${process.pid}`;
    expect(test.run(`head -c ${8 * MB} /dev/zero > ${file}`).status).toBe(0);
    const lower = () => test.apply({ memory: { limit: MB } });
    expect(lower).toThrow(
      expect.objectContaining({
        errno: 'EBUSY',
        source: '/linux/resources/memory/limit',
        message: expect.stringMatching(
          /unable to set memory limit to 1048576 \(current usage: \d+/,
        ) as unknown,
      }),
    );
    test.run(`rm ${file}`);
  });

  it('on CPUs that the parent lacks says which it has', () => {
    using test = new TestCgroup();
    expect(() => test.apply({ cpu: { cpus: '4000' } })).toThrow(/the parent cgroup allows "0/);
  });

  it('on real-time runtime says that ancestors need some first', () => {
    using test = new TestCgroup();
    expect(() => test.apply({ cpu: { realtimeRuntime: 1000 } })).toThrow(/every ancestor/);
  });

  it('on a device that is not there says so', () => {
    using test = new TestCgroup();
    const throttleReadBpsDevice = [{ major: 240, minor: 250, rate: 1000 }];
    expect(() => test.apply({ blockIO: { throttleReadBpsDevice } })).toThrow(/no such device/);
  });
});

describe.runIf(onVersionOne)('statistics', () => {
  it('count what a process used, and how often its quota stopped it', async () => {
    using test = new TestCgroup();
    test.apply({
      cpu: { quota: 5000, period: 20_000 },
      memory: { limit: 64 * MB },
      pids: { limit: 9 },
    });
    const { child } = await test.start(
      'i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done; exec sleep 60',
    );
    await sleep(300);
    const stats = test.cgroup.stats();
    expect(stats.cpu.usage.total).toBeGreaterThan(1_000_000n);
    expect(stats.cpu.usage.percpu.reduce((sum, value) => sum + value, 0n)).toBe(
      stats.cpu.usage.total,
    );
    expect(stats.cpu.throttling.throttledPeriods).toBeGreaterThan(0n);
    expect(stats.memory.usage).toMatchObject({ limit: BigInt(64 * MB) });
    expect(stats.memory.usage.usage).toBeGreaterThan(0n);
    expect(stats.memory.raw.hierarchical_memory_limit).toBe(BigInt(64 * MB));
    expect(stats.pids).toEqual({ current: 1n, limit: 9n });
    expect(stats.cpuset.cpus).toContain(0);
    child.kill('SIGKILL');
    await gone(child);
  });
});

/** The machine's own root is left as it was found. */
function restoreHugetlb(test: TestCgroup, control: string, before: string): void {
  test[Symbol.dispose]();
  if (before.includes('hugetlb')) return;
  writeFileSync(control, '-hugetlb');
}
