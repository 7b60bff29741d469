import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { oomKills, openCgroup, watchOom } from '../../src/cgroups/index.ts';
import type { Cgroup, CgroupHost } from '../../src/cgroups/index.ts';
import { killTarget } from '../../src/cgroups/kill-target.ts';
import { TestCgroup, eventually, gone, onVersionOne, unifiedOnly } from './kernel.ts';

const MB = 1 << 20;
const HOSTS: [string, () => CgroupHost | undefined][] = [
  ['this machine', () => undefined],
  ['its version 2 mount alone', unifiedOnly],
];

it('a cgroup that is removed while it is killed has nobody', () => {
  using test = new TestCgroup(unifiedOnly());
  const removed = join(test.directory, 'removed');
  mkdirSync(removed);
  const fd = openSync(join(removed, 'cgroup.kill'), 'r+');
  rmdirSync(removed);
  // What a write meets between the opening of a file and the removal of its cgroup: ENODEV.
  const directory = mkdtempSync(join(tmpdir(), 'coracle-cgroup-test-'));
  symlinkSync(`/proc/self/fd/${fd}`, join(directory, 'cgroup.kill'));
  try {
    expect(killTarget({ '': directory }, directory).killAtOnce()).toBe(false);
  } finally {
    closeSync(fd);
    rmSync(directory, { recursive: true });
  }
});

describe.each(HOSTS)('on %s', (_, host) => {
  it('a frozen cgroup stands still until it is thawed', async () => {
    using test = new TestCgroup(host());
    const { pid } = await test.start('while :; do :; done');
    const ticks = () => Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[13]);
    test.cgroup.freeze();
    expect(test.cgroup.isFrozen()).toBe(true);
    const before = ticks();
    await sleep(100);
    expect(ticks()).toBe(before);
    test.cgroup.thaw();
    expect(test.cgroup.isFrozen()).toBe(false);
    expect(await eventually(() => ticks() > before)).toBe(true);
  });

  it('a kill reaches everyone, also processes of processes and the frozen', async () => {
    using test = new TestCgroup(host());
    const { child } = await test.start(
      'for i in 1 2 3 4; do (trap "" TERM; sleep 60 & wait) & done; wait',
    );
    expect(await eventually(() => test.cgroup.processes().length >= 9)).toBe(true);
    test.cgroup.freeze();
    test.cgroup.kill('SIGKILL');
    await gone(child);
    expect(await eventually(() => test.cgroup.processes().length === 0)).toBe(true);
  });

  it('a signal that can be handled arrives', async () => {
    using test = new TestCgroup(host());
    const { child } = await test.start('while :; do sleep 0.05; done', 'trap "exit 7" USR1');
    test.cgroup.kill('SIGUSR1');
    await gone(child);
    expect([child.exitCode, child.signalCode]).toContain(7);
  });

  it('deleting removes cgroups below, and refuses while somebody is inside', async () => {
    using test = new TestCgroup(host());
    const { pid } = await test.start('exec sleep 60');
    for (const directory of Object.values(test.cgroup.paths)) mkdirSync(join(directory, 'inner'));
    expect(() => test.cgroup.delete()).toThrow(
      expect.objectContaining({
        code: 'CGROUP_BUSY',
        message: expect.stringContaining(String(pid)) as unknown,
      }),
    );
    test.cgroup.kill('SIGKILL');
    test.cgroup.delete();
    expect(test.cgroup.exists()).toBe(false);
    expect(() => test.cgroup.delete()).not.toThrow();
  });
});

describe.runIf(onVersionOne)('without a version 2 cgroup to kill', () => {
  it('freezing, signalling and thawing ends a container that forks all the time', async () => {
    using test = new TestCgroup();
    test.apply({ pids: { limit: 50 } });
    const versionOne: Record<string, string> = { ...test.cgroup.paths };
    delete versionOne[''];
    const old: Cgroup = openCgroup(test.cgroup.host, versionOne);
    const { child } = await test.start('while :; do sleep 5 & done 2>/dev/null');
    expect(await eventually(() => old.processes().length > 20)).toBe(true);
    old.kill('SIGKILL');
    await gone(child);
    expect(await eventually(() => old.processes().length === 0)).toBe(true);
    expect(old.isFrozen()).toBe(false);
  });

  it('a paused container is thawed so that it can die, and stays paused for other signals', async () => {
    using test = new TestCgroup();
    const versionOne: Record<string, string> = { ...test.cgroup.paths };
    delete versionOne[''];
    const old: Cgroup = openCgroup(test.cgroup.host, versionOne);
    const { child } = await test.start('while :; do sleep 0.05; done', 'trap : USR1');
    old.freeze();
    old.kill('SIGUSR1');
    expect(old.isFrozen()).toBe(true);
    old.kill('SIGKILL');
    await gone(child);
    expect(child.signalCode).toBe('SIGKILL');
  });
});

describe('a container that runs out of memory', () => {
  it('is killed by the kernel, which is counted and told, to its own watcher only', async () => {
    using test = new TestCgroup();
    using other = new TestCgroup();
    test.apply({ memory: { limit: 8 * MB, swap: 8 * MB } });
    const told = { test: 0, other: 0 };
    const watchers = [
      watchOom(test.cgroup.paths, () => (told.test += 1)),
      watchOom(other.cgroup.paths, () => (told.other += 1)),
    ];
    for (const times of [1, 2]) {
      const { status } = test.run('tail /dev/zero; exit $?');
      expect(status).toBe(128 + 9);
      expect(oomKills(test.cgroup.paths)).toBe(BigInt(times));
      expect(await eventually(() => told.test === times)).toBe(true);
    }
    expect(told.other).toBe(0);
    for (const watcher of watchers) watcher.close();
  });

  it('is no longer watched once it is removed', async () => {
    const test = new TestCgroup();
    let ended = 0;
    watchOom(
      test.cgroup.paths,
      () => {},
      () => (ended += 1),
    );
    test[Symbol.dispose]();
    expect(await eventually(() => ended === 1)).toBe(true);
    expect(existsSync(test.cgroup.paths.memory ?? '')).toBe(false);
  });
});
