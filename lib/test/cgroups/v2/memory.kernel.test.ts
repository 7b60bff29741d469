/** Memory on version 2: the files, the limit at work, and what is refused. */
import { describe, expect, it } from 'vitest';
import { TestCgroup, onVersionTwo } from '../kernel.ts';

const MB = 1 << 20;

/** Holds that much in one process: tail(1) must keep what it is to print at the end. */
const hold = (megabytes: number): string =>
  `head -c ${megabytes}M /dev/zero | tail -c ${megabytes}M > /dev/null`;

describe.runIf(onVersionTwo)('memory', () => {
  it('settings are what the kernel says afterwards', () => {
    using test = new TestCgroup();
    test.apply({ memory: { limit: 64 * MB, swap: 96 * MB, reservation: 32 * MB } });
    expect(test.read('', 'memory.max')).toBe(String(64 * MB));
    expect(test.read('', 'memory.swap.max')).toBe(String(32 * MB));
    expect(test.read('', 'memory.low')).toBe(String(32 * MB));
    test.apply({ memory: { limit: 64 * MB, swap: 64 * MB } });
    expect(test.read('', 'memory.swap.max')).toBe('0');
    test.apply({ memory: { limit: -1, reservation: -1 } });
    const files = ['memory.max', 'memory.swap.max', 'memory.low'];
    expect(files.map((file) => test.read('', file))).toEqual(['max', 'max', 'max']);
  });

  it('a process within the limit lives, and one that exceeds it is killed', () => {
    using test = new TestCgroup();
    test.apply({ memory: { limit: 16 * MB, swap: 16 * MB } });
    expect(test.run(hold(4)).status).toBe(0);
    expect(test.run(`${hold(32)}; exit $?`).status).toBe(128 + 9);
    expect(test.cgroup.stats().memory.usage.failcnt).toBeGreaterThan(0n);
  });

  it('a limit below what is used is refused when asked to look first', () => {
    using test = new TestCgroup();
    test.apply({ memory: { limit: 64 * MB, swap: 64 * MB } });
    const file = `/dev/shm/coracle-cgroups-${process.pid}`;
    expect(test.run(`head -c ${8 * MB} /dev/zero > ${file}`).status).toBe(0);
    const lower = () => test.apply({ memory: { limit: MB, checkBeforeUpdate: true } });
    expect(lower).toThrow(expect.objectContaining({ code: 'CGROUP_IN_USE' }));
    expect(test.read('', 'memory.max')).toBe(String(64 * MB));
    test.run(`rm ${file}`);
  });

  it('what version 2 has no word for is refused, not left out', () => {
    using test = new TestCgroup();
    expect(() => test.apply({ memory: { swappiness: 10 } })).toThrow(/version 2/);
    expect(() => test.apply({ memory: { disableOOMKiller: true } })).toThrow(/version 2/);
    expect(() => test.apply({ memory: { kernelTCP: MB } })).toThrow(/version 2/);
  });
});
