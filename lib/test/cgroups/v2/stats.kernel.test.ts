/** Statistics on version 2, and the pressure that only it counts for a cgroup. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringifyStats } from '../../../src/cgroups/index.ts';
import { TestCgroup, eventually, gone, onVersionTwo } from '../kernel.ts';

const MB = 1 << 20;

describe.runIf(onVersionTwo)('statistics', () => {
  it('are what processes used, in the units of version 1', async () => {
    using test = new TestCgroup();
    test.apply({ memory: { limit: 64 * MB, swap: 64 * MB }, pids: { limit: 9 } });
    const { child } = await test.start(
      'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exec sleep 60',
    );
    expect(await eventually(() => test.cgroup.stats().cpu.usage.user > 10_000_000n)).toBe(true);
    const { cpu, memory, pids, cpuset } = test.cgroup.stats();
    expect(cpu.usage.total).toBeGreaterThanOrEqual(cpu.usage.user);
    expect(cpu.usage.total).toBeLessThan(60_000_000_000n);
    expect(memory.usage.limit).toBe(BigInt(64 * MB));
    expect(memory.swap.limit).toBe(BigInt(64 * MB));
    expect(memory.usage.usage).toBeGreaterThan(0n);
    expect(memory.raw.anon).toBeGreaterThan(0n);
    expect(memory.usage.max === 0n).toBe(!has(test, 'memory.peak'));
    expect(pids).toEqual({ current: 1n, limit: 9n });
    expect(cpuset.cpus).toContain(0);
    child.kill('SIGKILL');
    await gone(child);
  });

  it('without limits say the largest number, which JSON keeps to its last digit', () => {
    using test = new TestCgroup();
    const { memory } = test.cgroup.stats();
    expect([memory.usage.limit, memory.swap.limit]).toEqual([2n ** 64n - 1n, 2n ** 64n - 1n]);
    expect(stringifyStats(memory.usage)).toContain('"limit":18446744073709551615');
  });
});

describe.runIf(onVersionTwo && existsSync('/proc/pressure/cpu'))('pressure', () => {
  it('of CPU time rises where a quota holds processes back, and nowhere else', async () => {
    using held = new TestCgroup();
    using idle = new TestCgroup();
    held.apply({ cpu: { quota: 5000, period: 50_000 } });
    const { child } = await held.start('while :; do :; done');
    await idle.start('exec sleep 60');
    const total = (test: TestCgroup): bigint => test.cgroup.stats().cpu.psi?.some.total ?? -1n;
    expect(await eventually(() => total(held) > 100_000n)).toBe(true);
    expect(total(idle)).toBeGreaterThanOrEqual(0n);
    expect(total(idle)).toBeLessThan(total(held));
    child.kill('SIGKILL');
    await gone(child);
  });

  it('is there for memory and block devices too, with averages in percent', () => {
    using test = new TestCgroup();
    const { memory, blkio } = test.cgroup.stats();
    const none = { avg10: 0, avg60: 0, avg300: 0, total: 0n };
    expect([memory.psi, blkio.psi]).toEqual([
      { some: none, full: none },
      { some: none, full: none },
    ]);
  });

  it('rises for memory when a limit makes the kernel take pages back', async () => {
    using test = new TestCgroup();
    test.apply({ memory: { swap: 32 * MB, limit: 32 * MB }, unified: { 'memory.high': '2M' } });
    const { child } = await test.start(
      'head -c 24M /dev/zero | tail -c 24M > /dev/null; exec sleep 60',
    );
    expect(await eventually(() => (test.cgroup.stats().memory.psi?.some.total ?? 0n) > 0n)).toBe(
      true,
    );
    test.cgroup.kill('SIGKILL');
    await gone(child);
  });
});

function has(test: TestCgroup, file: string): boolean {
  return existsSync(`${test.directory}/${file}`);
}
