/**
 * Threaded cgroups: the threads of one process in cgroups of their own.
 *
 * A container may divide its own cgroup so, and a container may be put into a tree that somebody
 * else has divided. cgroups(7), "Thread mode".
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestCgroup, eventually, gone, onVersionTwo } from '../kernel.ts';

/** A process of many threads. */
const NODE = `exec ${process.execPath} -e 'setTimeout(() => {}, 60000)'`;

describe.runIf(onVersionTwo)('a container that makes threaded cgroups in its own', () => {
  it('is one process still, wherever its threads are, and its end is the end of all', async () => {
    using test = new TestCgroup();
    const { directory } = test;
    const { child, pid } = await test.start(NODE);
    mkdirSync(join(directory, 'workers'));
    writeFileSync(join(directory, 'workers/cgroup.type'), 'threaded');
    expect(test.read('', 'cgroup.type')).toBe('domain threaded');
    const threads = await threadsOf(pid);
    const [worker = ''] = threads.filter((thread) => thread !== String(pid));
    writeFileSync(join(directory, 'workers/cgroup.threads'), worker);
    expect(lines(join(directory, 'workers/cgroup.threads'))).toEqual([worker]);
    expect(test.cgroup.processes()).toEqual([pid]);
    test.cgroup.freeze();
    expect(test.cgroup.isFrozen()).toBe(true);
    test.cgroup.kill('SIGKILL');
    await gone(child);
    expect(child.signalCode).toBe('SIGKILL');
    test.cgroup.delete();
    expect(test.cgroup.exists()).toBe(false);
  });
});

describe.runIf(onVersionTwo)('a container below a threaded cgroup', () => {
  it('is threaded itself: limits that know threads hold, it can be listed, and killed', async () => {
    using root = new TestCgroup();
    await root.start('exec sleep 60');
    // Processes of its own and a controller passed on make it the root of a threaded tree.
    writeFileSync(join(root.directory, 'cgroup.subtree_control'), '+pids');
    expect(root.read('', 'cgroup.type')).toBe('domain threaded');
    using test = new TestCgroup(undefined, `${root.path}/box`);
    expect(test.read('', 'cgroup.type')).toBe('threaded');
    test.apply({ pids: { limit: 30 } });
    expect(test.read('', 'pids.max')).toBe('30');
    const { child, pid } = await test.start(NODE);
    await threadsOf(pid);
    expect(test.cgroup.processes()).toEqual([pid]);
    test.cgroup.kill('SIGKILL');
    await gone(child);
    expect(child.signalCode).toBe('SIGKILL');
    expect(root.cgroup.processes().length).toBe(1);
  });

  it('cannot have a limit of memory, which belongs to whole processes', async () => {
    using root = new TestCgroup();
    await root.start('exec sleep 60');
    writeFileSync(join(root.directory, 'cgroup.subtree_control'), '+pids');
    using test = new TestCgroup(undefined, `${root.path}/box`);
    expect(() => test.apply({ memory: { limit: 64 << 20 } })).toThrow(
      expect.objectContaining({ errno: 'ENOENT', controller: 'memory' }),
    );
  });
});

const lines = (file: string): string[] => readFileSync(file, 'utf8').trim().split('\n');

/** The ids of a process's threads, once it has more than one. */
async function threadsOf(pid: number): Promise<string[]> {
  const list = (): string[] => readdirSync(`/proc/${pid}/task`);
  expect(await eventually(() => list().length > 1)).toBe(true);
  return list();
}
