/** Running out of memory on version 2: who is killed, who is told, and when watching ends. */
import { describe, expect, it } from 'vitest';
import { oomKills, watchOom } from '../../../src/cgroups/index.ts';
import { TestCgroup, eventually, gone, onVersionTwo } from '../kernel.ts';

const MB = 1 << 20;
const LIMIT = { limit: 16 * MB, swap: 16 * MB };

describe.runIf(onVersionTwo)('a container that runs out of memory', () => {
  it('loses the process that is largest, and the rest goes on', async () => {
    using test = new TestCgroup();
    test.apply({ memory: LIMIT });
    const { pid } = await test.start('exec sleep 60');
    expect(test.run('tail /dev/zero; exit $?').status).toBe(128 + 9);
    expect(oomKills(test.cgroup.paths)).toBe(1n);
    expect(test.cgroup.processes()).toEqual([pid]);
  });

  it('loses everyone together when memory.oom.group says so', async () => {
    using test = new TestCgroup();
    test.apply({ memory: LIMIT, unified: { 'memory.oom.group': '1' } });
    const { child } = await test.start('exec sleep 60');
    expect(test.run('tail /dev/zero; echo survived')).toMatchObject({
      signal: 'SIGKILL',
      output: '',
    });
    await gone(child);
    expect(child.signalCode).toBe('SIGKILL');
    expect(oomKills(test.cgroup.paths)).toBeGreaterThanOrEqual(3n);
    expect(test.read('', 'memory.events')).toMatch(/^oom_group_kill 1$/m);
  });

  it('is told of, also when it happened in a cgroup that the container made', async () => {
    using outer = new TestCgroup();
    using inner = new TestCgroup(undefined, `${outer.path}/inner`);
    inner.apply({ memory: LIMIT });
    let told = 0;
    const watcher = watchOom(outer.cgroup.paths, () => (told += 1));
    expect(inner.run('tail /dev/zero; exit $?').status).toBe(128 + 9);
    expect(await eventually(() => told === 1)).toBe(true);
    watcher.close();
  });

  it('is no longer told of once watching has been closed', async () => {
    using test = new TestCgroup();
    test.apply({ memory: LIMIT });
    const told = { closed: 0, open: 0 };
    watchOom(test.cgroup.paths, () => (told.closed += 1)).close();
    const watcher = watchOom(test.cgroup.paths, () => (told.open += 1));
    expect(test.run('tail /dev/zero; exit $?').status).toBe(128 + 9);
    expect(await eventually(() => told.open === 1)).toBe(true);
    expect(told.closed).toBe(0);
    watcher.close();
  });
});

describe.runIf(onVersionTwo)('watching ends', () => {
  it('once, when a cgroup that held processes is removed, and not before', async () => {
    using test = new TestCgroup();
    let ended = 0;
    watchOom(
      test.cgroup.paths,
      () => {},
      () => (ended += 1),
    );
    expect(test.run('true').status).toBe(0);
    expect(await eventually(() => /populated 0/.test(test.read('', 'cgroup.events')))).toBe(true);
    using sibling = new TestCgroup();
    sibling[Symbol.dispose]();
    expect(ended).toBe(0);
    test.cgroup.delete();
    expect(await eventually(() => ended > 0)).toBe(true);
    expect(ended).toBe(1);
  });
});
