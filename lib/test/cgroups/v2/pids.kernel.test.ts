/** The number of tasks on version 2: threads count, and the kernel says how often it refused. */
import { describe, expect, it } from 'vitest';
import { eventually, onVersionTwo, TestCgroup } from '../kernel.ts';

describe.runIf(onVersionTwo)('the number of tasks', () => {
  it('ends forks, and the kernel counts the refusals', () => {
    using test = new TestCgroup();
    test.apply({ pids: { limit: 2 } });
    expect(test.cgroup.stats().pids).toEqual({ current: 0n, limit: 2n });
    expect(test.run('/bin/true; echo reached').output).toBe('reached\n');
    const { status, output } = test.run('sleep 5 & sleep 5 & echo not reached');
    expect(status).not.toBe(0);
    expect(output).toMatch(/fork/i);
    expect(test.read('', 'pids.events')).toMatch(/^max [1-9]/m);
  });

  it('0 is a limit: whoever is moved in cannot fork', () => {
    using test = new TestCgroup();
    test.apply({ pids: { limit: 0 } });
    expect(test.run('/bin/true; echo not reached').output).toMatch(/fork/i);
  });

  it('a negative limit is none', () => {
    using test = new TestCgroup();
    test.apply({ pids: { limit: 2 } });
    test.apply({ pids: { limit: -1 } });
    expect(test.read('', 'pids.max')).toBe('max');
    expect(test.cgroup.stats().pids.limit).toBe(0n);
  });

  it('counts threads', async () => {
    using test = new TestCgroup();
    await test.start(`exec ${process.execPath} -e 'setTimeout(() => {}, 60000)'`);
    // Node makes its threads a moment after it has been executed.
    expect(await eventually(() => test.cgroup.stats().pids.current > 1n)).toBe(true);
    expect(test.cgroup.processes().length).toBe(1);
  });
});
