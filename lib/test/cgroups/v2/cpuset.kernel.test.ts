/** Which CPUs a process may use on version 2, as sched_getaffinity(2) shows them to it. */
import { cpus } from 'node:os';
import { describe, expect, it } from 'vitest';
import { TestCgroup, onVersionTwo } from '../kernel.ts';

const AFFINITY = 'taskset -pc $$ | sed "s/.*: //"';

describe.runIf(onVersionTwo)('CPUs and memory nodes', () => {
  it('without a wish are the parent’s', () => {
    using test = new TestCgroup();
    expect(test.read('', 'cpuset.cpus')).toBe('');
    expect(test.read('', 'cpuset.cpus.effective')).not.toBe('');
    const effective = cpusIn(test.read('', 'cpuset.cpus.effective'));
    expect(cpusIn(test.run(AFFINITY).output)).toEqual(effective);
  });

  it('are where every process inside may run, and no other', () => {
    using test = new TestCgroup();
    test.apply({ cpu: { cpus: '0', mems: '0' } });
    expect(test.run(AFFINITY).output.trim()).toBe('0');
    expect(test.read('', 'cpuset.mems.effective')).toBe('0');
    expect(test.cgroup.stats().cpuset).toEqual({ cpus: [0], mems: [0] });
  });

  it.runIf(cpus().length > 1)('move running processes when they change', async () => {
    using test = new TestCgroup();
    test.apply({ cpu: { cpus: '0' } });
    const { pid } = await test.start('exec sleep 60');
    const allowed = (): string => test.run(`taskset -pc ${pid} | sed "s/.*: //"`).output.trim();
    expect(allowed()).toBe('0');
    test.apply({ cpu: { cpus: '1' } });
    expect(allowed()).toBe('1');
  });

  it('that the machine lacks are refused, with those there are', () => {
    using test = new TestCgroup();
    expect(() => test.apply({ cpu: { cpus: '4000' } })).toThrow(/the parent cgroup allows "0/);
    expect(test.read('', 'cpuset.cpus')).toBe('');
  });
});

/** `0-1`, as the kernel writes it, and `0,1`, as taskset(1) does, are the same CPUs. */
function cpusIn(list: string): number[] {
  return list
    .trim()
    .split(',')
    .flatMap((range) => {
      const [first = NaN, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}
