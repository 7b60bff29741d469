/** CPU time on version 2: the files, and a quota that stops a process and counts it. */
import { describe, expect, it } from 'vitest';
import { TestCgroup, eventually, gone, onVersionTwo } from '../kernel.ts';

describe.runIf(onVersionTwo)('CPU time', () => {
  it('settings are what the kernel says afterwards', () => {
    using test = new TestCgroup();
    test.apply({ cpu: { shares: 1024, quota: 20_000, period: 50_000, burst: 10_000 } });
    expect(test.read('', 'cpu.weight')).toBe('100');
    expect(test.read('', 'cpu.max')).toBe('20000 50000');
    expect(test.read('', 'cpu.max.burst')).toBe('10000');
    test.apply({ cpu: { shares: 2, quota: -1 } });
    expect(test.read('', 'cpu.weight')).toBe('1');
    expect(test.read('', 'cpu.max')).toMatch(/^max /);
    test.apply({ cpu: { shares: 262_144 } });
    expect(test.read('', 'cpu.weight')).toBe('10000');
  });

  it('quota moves in both directions with a burst that fits only the new one', () => {
    using test = new TestCgroup();
    test.apply({ cpu: { quota: 10_000, burst: 5000, period: 100_000 } });
    test.apply({ cpu: { quota: 50_000, burst: 40_000, period: 100_000 } });
    expect(test.read('', 'cpu.max.burst')).toBe('40000');
    test.apply({ cpu: { quota: 2000, burst: 1000, period: 10_000 } });
    expect([test.read('', 'cpu.max'), test.read('', 'cpu.max.burst')]).toEqual([
      '2000 10000',
      '1000',
    ]);
  });

  it('survives every change between idle and not', () => {
    using test = new TestCgroup();
    for (const idle of [1, 0, 1, 1]) {
      test.apply({ cpu: { shares: 100, idle } });
      expect(test.read('', 'cpu.idle')).toBe(String(idle));
    }
  });

  it('a quota stops a busy process, and the statistics count how often and how long', async () => {
    using test = new TestCgroup();
    test.apply({ cpu: { quota: 5000, period: 50_000 } });
    const { child } = await test.start('while :; do :; done');
    expect(await eventually(() => test.cgroup.stats().cpu.throttling.throttledPeriods > 2n)).toBe(
      true,
    );
    const { throttling, usage } = test.cgroup.stats().cpu;
    expect(throttling.periods).toBeGreaterThanOrEqual(throttling.throttledPeriods);
    expect(throttling.throttledTime).toBeGreaterThan(0n);
    // A tenth of the time of one CPU: each period's 5 ms, and what one tick may overrun.
    expect(usage.total).toBeLessThan((throttling.periods + 1n) * 25_000_000n);
    child.kill('SIGKILL');
    await gone(child);
  });

  it('below the least the kernel takes is an error with the range', () => {
    using test = new TestCgroup();
    expect(() => test.apply({ cpu: { quota: 10, period: 50_000 } })).toThrow(
      /at least 1000 µs.*within the parent/,
    );
  });

  it('of real time has no place in version 2', () => {
    using test = new TestCgroup();
    expect(() => test.apply({ cpu: { realtimeRuntime: 1000 } })).toThrow(/no real-time/);
  });
});
