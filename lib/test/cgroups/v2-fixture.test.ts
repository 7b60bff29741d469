/** The version 2 mechanism on a folder that looks like a cgroup file system. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCgroup, oomKills, openCgroup, planResources } from '../../src/cgroups/index.ts';
import type { Cgroup } from '../../src/cgroups/index.ts';
import type { LinuxResources } from '../../src/oci/index.ts';
import { v2Host } from './fixtures.ts';

let mount: string;
let cgroup: Cgroup;

/** A new container's cgroup, in which only the file that says so is there. */
beforeEach(() => {
  mount = mkdtempSync(join(tmpdir(), 'coracle-cgroup2-'));
  mkdirSync(join(mount, 'engine/box'), { recursive: true });
  for (const directory of ['', 'engine', 'engine/box']) {
    put(`${directory}/cgroup.controllers`, 'cpuset cpu io memory hugetlb pids\n');
    put(`${directory}/cgroup.subtree_control`, '');
  }
  cgroup = openCgroup(v2Host(mount), { '': join(mount, 'engine/box') });
});

afterEach(() => rmSync(mount, { recursive: true }));

const put = (file: string, text: string): void => writeFileSync(join(mount, file), text);
const get = (file: string): string => readFileSync(join(mount, file), 'utf8');
const update = (resources: LinuxResources): void =>
  cgroup.apply(planResources(cgroup.host, resources, { devices: 'skip' }));

describe('creating a cgroup on a version 2 host', () => {
  it('lets the controllers through in every ancestor when they are missing', () => {
    put('engine/box/cgroup.controllers', '\n');
    const made = createCgroup(v2Host(mount), '/engine/box');
    // Not rdma, which the host has and these do not: one wrong word would make the kernel refuse all.
    expect(get('cgroup.subtree_control')).toBe('+cpuset +cpu +io +memory +hugetlb +pids');
    expect(get('engine/cgroup.subtree_control')).toBe(get('cgroup.subtree_control'));
    expect(get('engine/box/cgroup.subtree_control')).toBe('');
    expect(made.existed).toBe(true);
  });

  it('writes nothing when they are there', () => {
    put('engine/box/cgroup.controllers', 'cpuset cpu io memory hugetlb pids rdma misc\n');
    createCgroup(v2Host(mount), '/engine/box');
    expect(get('cgroup.subtree_control')).toBe('');
  });

  it('removes what it made when it cannot go on', () => {
    expect(() => createCgroup(v2Host(mount), '/engine/new/deep')).toThrow(/cgroup\.controllers/);
    expect(() => get('engine/new/cgroup.controllers')).toThrow('ENOENT');
    expect(() => mkdirSync(join(mount, 'engine/new'))).not.toThrow();
  });

  it('is joined through cgroup.procs', () => {
    expect(cgroup.joinFiles()).toEqual([join(mount, 'engine/box/cgroup.procs')]);
  });
});

describe('applying writes', () => {
  it('puts each value into its file', () => {
    put('engine/box/memory.max', '');
    put('engine/box/pids.max', '');
    update({ memory: { limit: 1000 }, pids: { limit: 5 } });
    expect([get('engine/box/memory.max'), get('engine/box/pids.max')]).toEqual(['1000', '5']);
  });

  it('falls back to io.weight without the BFQ scheduler', () => {
    put('engine/box/io.weight', '');
    update({ blockIO: { weight: 500 } });
    expect(get('engine/box/io.weight')).toBe('4950');
  });

  it('goes on without the limit of reserved huge pages, not without the limit', () => {
    put('engine/box/hugetlb.2MB.max', '');
    update({ hugepageLimits: [{ pageSize: '2MB', limit: 7 }] });
    expect(get('engine/box/hugetlb.2MB.max')).toBe('7');
    expect(() => update({ hugepageLimits: [{ pageSize: '1GB', limit: 7 }] })).toThrow(/ENOENT/);
  });

  it('never creates a file: a controller that is not enabled is an error that says so', () => {
    put('engine/cgroup.subtree_control', 'cpu pids');
    expect(() => update({ memory: { limit: 1000 } })).toThrow(
      expect.objectContaining({
        code: 'CGROUP_WRITE',
        errno: 'ENOENT',
        file: join(mount, 'engine/box/memory.max'),
        value: '1000',
        source: '/linux/resources/memory/limit',
        message: expect.stringContaining('cgroup.subtree_control has: cpu pids') as unknown,
      }),
    );
    expect(() => get('engine/box/memory.max')).toThrow('ENOENT');
  });

  it('rejects a limit below usage when asked to look first', () => {
    put('engine/box/memory.max', 'max');
    put('engine/box/memory.current', '2000\n');
    expect(() => update({ memory: { limit: 2000, checkBeforeUpdate: true } })).toThrow(
      expect.objectContaining({ code: 'CGROUP_IN_USE' }),
    );
    expect(get('engine/box/memory.max')).toBe('max');
    update({ memory: { limit: 2001, checkBeforeUpdate: true } });
    expect(get('engine/box/memory.max')).toBe('2001');
  });

  it('for a container in no cgroup is an error, not a silent no', () => {
    const nowhere = openCgroup(v2Host(mount), {});
    const writes = planResources(nowhere.host, { pids: { limit: 1 } }, { devices: 'skip' });
    expect(() => nowhere.apply(writes)).toThrow(
      /cannot set pids limit: container could not join or create cgroup/,
    );
    expect([nowhere.processes(), nowhere.exists()]).toEqual([[], false]);
  });
});

describe('the freezer', () => {
  it('is frozen once cgroup.events says so', () => {
    put('engine/box/cgroup.freeze', '0');
    put('engine/box/cgroup.events', 'populated 1\nfrozen 1\n');
    cgroup.freeze();
    expect(cgroup.isFrozen()).toBe(true);
    cgroup.thaw();
    expect(cgroup.isFrozen()).toBe(false);
  });
});

describe('killing', () => {
  it('is one write where the kernel has cgroup.kill', () => {
    put('engine/box/cgroup.kill', '');
    put('engine/box/cgroup.procs', '');
    cgroup.kill('SIGKILL');
    expect(get('engine/box/cgroup.kill')).toBe('1');
  });
});

describe('statistics', () => {
  it('are in the shape of version 1: nanoseconds, memory with swap, tables by operation', () => {
    const files = {
      'cpu.stat':
        'usage_usec 30\nuser_usec 20\nsystem_usec 10\nnr_periods 4\nnr_throttled 2\nthrottled_usec 9\n',
      'cpu.pressure': 'some avg10=1.50 avg60=0.00 avg300=0.00 total=77\n',
      'memory.current': '1000\n',
      'memory.max': '4000\n',
      'memory.peak': '3000\n',
      'memory.events': 'low 0\nmax 6\noom 1\noom_kill 1\n',
      'memory.stat': 'anon 600\nfile 400\n',
      'memory.swap.current': '50\n',
      'memory.swap.max': '500\n',
      'io.stat': '8:0 rbytes=10 wbytes=20 rios=1 wios=2 dbytes=0 dios=0 cost.usage=5\n',
      'pids.current': '3\n',
      'pids.max': 'max\n',
    };
    for (const [file, text] of Object.entries(files)) put(`engine/box/${file}`, text);
    const stats = cgroup.stats();
    expect(stats.cpu.usage).toMatchObject({ total: 30_000n, user: 20_000n, kernel: 10_000n });
    expect(stats.cpu.throttling).toEqual({
      periods: 4n,
      throttledPeriods: 2n,
      throttledTime: 9000n,
    });
    expect(stats.cpu.psi?.some).toEqual({ avg10: 1.5, avg60: 0, avg300: 0, total: 77n });
    expect(stats.memory.usage).toEqual({ limit: 4000n, usage: 1000n, max: 3000n, failcnt: 6n });
    expect(stats.memory.swap).toMatchObject({ limit: 4500n, usage: 1050n });
    expect(stats.memory.cache).toBe(400n);
    expect(stats.blkio.ioServiceBytesRecursive).toContainEqual({
      major: 8n,
      minor: 0n,
      op: 'Write',
      value: 20n,
    });
    expect(stats.pids).toEqual({ current: 3n, limit: 0n });
    expect(oomKills(cgroup.paths)).toBe(1n);
  });

  it('count processes where there is no pids controller, and 0 for all that is missing', () => {
    put('engine/box/cgroup.procs', '10\n11\n');
    const stats = cgroup.stats();
    expect(stats.pids.current).toBe(2n);
    expect(stats.memory.usage.limit).toBe(0n);
    expect(stats.cpu.psi).toBeUndefined();
  });
});

describe('processes', () => {
  it('are those of the cgroup and of all below', () => {
    mkdirSync(join(mount, 'engine/box/inner'));
    put('engine/box/cgroup.procs', '10\n');
    put('engine/box/inner/cgroup.procs', '7\n10\n');
    expect(cgroup.processes()).toEqual([7, 10]);
  });
});

describe('a cgroup that is to be a new container’s', () => {
  it('must be empty and thawed', () => {
    put('engine/box/cgroup.procs', '');
    expect(() => cgroup.checkUnused()).not.toThrow();
    put('engine/box/cgroup.freeze', '1');
    expect(() => cgroup.checkUnused()).toThrow(/unexpectedly frozen/);
    put('engine/box/cgroup.procs', '10\n');
    expect(() => cgroup.checkUnused()).toThrow(/is not empty: 1 process/);
  });
});
