/** The freezer on version 2: cgroup.freeze, what cgroup.events says, and who is held by it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { TestCgroup, eventually, gone, onVersionTwo } from '../kernel.ts';

const ticks = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[13]);

describe.runIf(onVersionTwo)('a frozen cgroup', () => {
  it('says so itself, stands still, and goes on after the thaw', async () => {
    using test = new TestCgroup();
    const { pid } = await test.start('while :; do :; done');
    test.cgroup.freeze();
    expect(test.read('', 'cgroup.freeze')).toBe('1');
    expect(test.read('', 'cgroup.events')).toMatch(/^frozen 1$/m);
    const before = ticks(pid);
    await sleep(200);
    expect(ticks(pid)).toBe(before);
    test.cgroup.thaw();
    expect(test.read('', 'cgroup.events')).toMatch(/^frozen 0$/m);
    expect(await eventually(() => ticks(pid) > before)).toBe(true);
  });

  it('holds cgroups below too, which are then not frozen of themselves', async () => {
    using outer = new TestCgroup();
    using inner = new TestCgroup(undefined, `${outer.path}/inner`);
    const { pid } = await inner.start('while :; do :; done');
    outer.cgroup.freeze();
    expect(inner.read('', 'cgroup.events')).toMatch(/^frozen 1$/m);
    expect([outer.cgroup.isFrozen(), inner.cgroup.isFrozen()]).toEqual([true, false]);
    const before = ticks(pid);
    outer.cgroup.thaw();
    expect(await eventually(() => ticks(pid) > before)).toBe(true);
  });

  it('freezes whoever is moved in', async () => {
    using test = new TestCgroup();
    using other = new TestCgroup();
    const { pid } = await other.start('while :; do :; done');
    test.cgroup.freeze();
    writeFileSync(join(test.directory, 'cgroup.procs'), String(pid));
    expect(await eventually(() => /^frozen 1$/m.test(test.read('', 'cgroup.events')))).toBe(true);
    const before = ticks(pid);
    await sleep(200);
    expect(ticks(pid)).toBe(before);
  });
});

describe.runIf(onVersionTwo)('killing on version 2', () => {
  it('is one write that ends the frozen, those below, and those that fork all the time', async () => {
    using test = new TestCgroup();
    // Processes sit in leaves: a cgroup that gives controllers to those below has none of its own.
    using forks = new TestCgroup(undefined, `${test.path}/forks`);
    using sleeps = new TestCgroup(undefined, `${test.path}/sleeps`);
    const forking = await forks.start(
      '(while :; do /bin/true; done) & while :; do /bin/true; done',
    );
    const still = await sleeps.start('exec sleep 60');
    expect(test.cgroup.processes().length).toBeGreaterThan(2);
    test.cgroup.freeze();
    test.cgroup.kill('SIGKILL');
    await Promise.all([gone(forking.child), gone(still.child)]);
    expect([forking.child.signalCode, still.child.signalCode]).toEqual(['SIGKILL', 'SIGKILL']);
    expect(await eventually(() => /^populated 0$/m.test(test.read('', 'cgroup.events')))).toBe(
      true,
    );
  });

  it('any other signal reaches the frozen when they thaw', async () => {
    using test = new TestCgroup();
    const { child } = await test.start('while :; do sleep 0.05; done', 'trap "exit 7" USR1');
    test.cgroup.freeze();
    test.cgroup.kill('SIGUSR1');
    expect(test.cgroup.isFrozen()).toBe(true);
    await sleep(200);
    expect(child.exitCode).toBe(null);
    test.cgroup.thaw();
    await gone(child);
    expect([child.exitCode, child.signalCode]).toContain(7);
  });
});
