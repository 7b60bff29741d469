/** A container's life as a unit of systemd: made, found, changed, stopped by either side, and gone. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Runtime } from 'coracle/runtime';
import { reapAny } from 'coracle/sys';
import { Box, cgroupOf, eventually } from './box.ts';
import { properties, settings, show, systemctl, whyNoSystemd } from './unit.ts';

const missing = whyNoSystemd() !== undefined;

/** Waits until something is so; containers are children of this process, whom nobody else collects. */
function eventuallyCollected(condition: () => boolean): boolean {
  return eventually(() => {
    reapAny();
    return condition();
  });
}

describe.skipIf(missing)('create', () => {
  it('makes a scope that holds the container’s process and nobody else', () => {
    using box = new Box();
    const pid = box.create();
    expect(cgroupOf(pid)).toBe(`/system.slice/${box.unit}`);
    expect(readFileSync(`${box.directory}/cgroup.procs`, 'utf8')).toBe(`${pid}\n`);
    expect(readFileSync(`${box.directory}/pids.current`, 'utf8')).toBe('1\n');
    const wanted = {
      ActiveState: 'active',
      Slice: 'system.slice',
      Delegate: 'yes',
      Transient: 'yes',
    };
    expect(properties(box.unit, ...Object.keys(wanted))).toEqual(wanted);
  });

  it('shows the container its own cgroup as the root', () => {
    using box = new Box();
    box.start();
    expect(box.shell('test "$(cat /proc/self/cgroup)" = 0::/')).toBe(0);
  });

  it('counts the container alone against a limit of one task', () => {
    using box = new Box();
    box.configure((config) => Object.assign(config.linux?.resources ?? {}, { pids: { limit: 1 } }));
    const pid = box.start();
    expect(readFileSync(`${box.directory}/pids.max`, 'utf8')).toBe('1\n');
    expect(box.runtime.state('box')).toMatchObject({ status: 'running', pid });
  });

  it('takes properties from annotations', () => {
    using box = new Box();
    box.configure((config) => {
      config.annotations = {
        'org.systemd.property.TimeoutStopSec': '7',
        'org.systemd.property.CollectMode': "'inactive-or-failed'",
      };
    });
    box.create();
    const wanted = { TimeoutStopUSec: '7s', CollectMode: 'inactive-or-failed' };
    expect(properties(box.unit, ...Object.keys(wanted))).toEqual(wanted);
  });

  it('fails by an annotation that systemd does not know, says which, and leaves nothing', () => {
    using box = new Box();
    box.configure((config) => {
      config.annotations = { 'org.systemd.property.NoSuchThing': '7' };
    });
    expect(() => box.create()).toThrow(/NoSuchThing.*annotations/);
    expect(box.runtime.list()).toEqual([]);
    expect(properties(box.unit, 'LoadState')).toEqual({ LoadState: 'not-found' });
  });

  it('puts a container into a slice of its own, where its name ends so', () => {
    using box = new Box();
    const name = `coracletest${box.name}`;
    box.configure((config) =>
      Object.assign(config.linux ?? {}, { cgroupsPath: `system.slice:x:${name}-sub.slice` }),
    );
    const pid = box.create();
    expect(cgroupOf(pid)).toBe(`/${name}.slice/${name}-sub.slice`);
    box.runtime.delete('box', { force: true });
    expect(existsSync(`/sys/fs/cgroup/${name}.slice/${name}-sub.slice`)).toBe(false);
    systemctl('stop', `${name}.slice`);
  });
});

describe.skipIf(missing)('a name that is taken', () => {
  it('is refused, and whoever has it lives on', () => {
    using box = new Box();
    const pid = box.create();
    const other = new Runtime({ root: `${box.folder}/other`, cgroupDriver: 'systemd' });
    expect(() => box.create('second', other)).toThrow(/already exists; choose another/);
    expect(other.list()).toEqual([]);
    expect(cgroupOf(pid)).toBe(`/system.slice/${box.unit}`);
    expect(properties(box.unit, 'ActiveState')).toEqual({ ActiveState: 'active' });
  });

  it('is free again when its unit has failed', () => {
    using box = new Box();
    box.configure((config) => {
      config.annotations = {
        'org.systemd.property.RuntimeMaxSec': '1',
        'org.systemd.property.TimeoutStopSec': '1',
      };
    }, 'trap "" TERM; sleep 1000');
    const other = new Runtime({ root: `${box.folder}/other`, cgroupDriver: 'systemd' });
    box.create();
    const failed = (): boolean => show(box.unit).get('ActiveState') === 'failed';
    expect(eventuallyCollected(failed)).toBe(true);
    const pid = box.create('second', other);
    expect(cgroupOf(pid)).toBe(`/system.slice/${box.unit}`);
    other.delete('second', { force: true });
  });
});

describe.skipIf(missing)('systemd is asked to stop the scope', () => {
  it('a container that hears SIGTERM ends, is stopped, and can be deleted', () => {
    using box = new Box();
    box.configure(undefined, 'trap "exit 0" TERM; while true; do sleep 0.1; done');
    box.start();
    systemctl('stop', box.unit);
    expect(box.runtime.state('box').status).toBe('stopped');
    expect(existsSync(box.directory)).toBe(false);
    box.runtime.delete('box');
    expect(box.runtime.list()).toEqual([]);
  });

  it('one that does not is killed after TimeoutStopSec', () => {
    using box = new Box();
    box.configure((config) => {
      config.annotations = { 'org.systemd.property.TimeoutStopSec': '1' };
    }, 'trap "" TERM; while true; do sleep 0.1; done');
    box.start();
    systemctl('stop', box.unit);
    expect(box.runtime.state('box').status).toBe('stopped');
    box.runtime.delete('box');
    expect(properties(box.unit, 'LoadState')).toEqual({ LoadState: 'not-found' });
  });

  it('a paused one ends too', () => {
    using box = new Box();
    box.configure((config) => {
      config.annotations = { 'org.systemd.property.TimeoutStopSec': '1' };
    });
    box.start();
    box.runtime.pause('box');
    expect(box.runtime.state('box').status).toBe('paused');
    systemctl('stop', box.unit);
    expect(box.runtime.state('box').status).toBe('stopped');
    box.runtime.delete('box');
  });
});

describe.skipIf(missing)('delete', () => {
  it('stops the unit, and with it every process, for a runtime that was told of no driver', () => {
    using box = new Box();
    box.configure(undefined, 'sleep 1000 & exec sleep 1000');
    box.start();
    const inside = (): string[] =>
      readFileSync(`${box.directory}/cgroup.procs`, 'utf8').trim().split('\n');
    expect(eventually(() => inside().length === 2)).toBe(true);
    const pids = inside();
    new Runtime({ root: box.state }).delete('box', { force: true });
    reapAny();
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
    expect(existsSync(box.directory)).toBe(false);
    expect(properties(box.unit, 'LoadState')).toEqual({ LoadState: 'not-found' });
  });

  it('removes the cgroups that the container made in its own', () => {
    using box = new Box();
    box.configure((config) => {
      for (const mount of config.mounts ?? []) {
        if (mount.type === 'cgroup') mount.options = ['nosuid', 'noexec', 'nodev'];
      }
    });
    box.start();
    expect(box.shell('busybox mkdir -p /sys/fs/cgroup/a/b')).toBe(0);
    expect(existsSync(`${box.directory}/a/b`)).toBe(true);
    box.runtime.delete('box', { force: true });
    expect(existsSync(box.directory)).toBe(false);
  });

  it('by `kill` first: the unit goes when the last process has, and delete is content', () => {
    using box = new Box();
    box.start();
    box.runtime.kill('box', 9);
    expect(eventuallyCollected(() => !existsSync(box.directory))).toBe(true);
    expect(box.runtime.state('box').status).toBe('stopped');
    box.runtime.delete('box');
    expect(box.runtime.list()).toEqual([]);
  });
});

describe.skipIf(missing)('exec', () => {
  it('joins the scope', () => {
    using box = new Box();
    box.start();
    expect(cgroupOf(box.startShell('sleep 1000'))).toBe(`/system.slice/${box.unit}`);
  });
});

describe.skipIf(missing)('update', () => {
  it('changes properties and files, for a runtime that was told of no driver', () => {
    using box = new Box();
    box.start();
    const update = {
      memory: { limit: 64 << 20 },
      pids: { limit: 50 },
      cpu: { quota: 12_340, shares: 512 },
    };
    new Runtime({ root: box.state }).update('box', update);
    expect(
      properties(box.unit, 'MemoryMax', 'TasksMax', 'CPUQuotaPerSecUSec', 'CPUWeight'),
    ).toEqual({
      MemoryMax: String(64 << 20),
      TasksMax: '50',
      CPUQuotaPerSecUSec: '130ms',
      CPUWeight: '59',
    });
    expect(settings(box.directory)).toMatchObject({
      'memory.max': String(64 << 20),
      'pids.max': '50',
      'cpu.max': '13000 100000',
      'cpu.weight': '59',
    });
  });

  it('that is refused changes neither', () => {
    using box = new Box();
    box.start();
    const before = properties(box.unit, 'MemoryMax');
    const memory = { limit: 4096, checkBeforeUpdate: true };
    expect(() => box.runtime.update('box', { memory })).toThrow(/rejecting memory limit/);
    expect(properties(box.unit, 'MemoryMax')).toEqual(before);
    expect(settings(box.directory)['memory.max']).toBe('max');
  });
});

describe.skipIf(missing)('out of memory', () => {
  it('ends the process that asked for too much, and not the container', () => {
    using box = new Box();
    box.configure((config) =>
      Object.assign(config.linux?.resources ?? {}, { memory: { limit: 16 << 20, swap: 16 << 20 } }),
    );
    const pid = box.start();
    const greedy = box.startShell('tail /dev/zero');
    const killed = (): boolean =>
      /^oom_kill [1-9]/m.test(readFileSync(`${box.directory}/memory.events`, 'utf8'));
    expect(eventuallyCollected(() => killed() && !existsSync(`/proc/${greedy}`))).toBe(true);
    expect(box.runtime.state('box')).toMatchObject({ status: 'running', pid });
    expect(properties(box.unit, 'ActiveState')).toEqual({ ActiveState: 'active' });
  });
});
