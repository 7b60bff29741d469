/** A cgroup's life on any host: made in every hierarchy, joined, found again, removed. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readHost } from '../../src/cgroups/index.ts';
import { PARENT, TestCgroup } from './kernel.ts';

describe('creating a cgroup on this machine', () => {
  it('makes a directory in every hierarchy, and deleting removes every one', () => {
    const test = new TestCgroup();
    const directories = Object.values(test.cgroup.paths);
    expect(directories.length).toBe(readHost().hierarchies.flatMap((h) => h.keys).length);
    expect(directories.every((directory) => existsSync(directory))).toBe(true);
    expect(test.cgroup.existed).toBe(false);
    test[Symbol.dispose]();
    expect(directories.some((directory) => existsSync(directory))).toBe(false);
  });

  it('is joined by a process that writes 0 into each of the join files', async () => {
    using test = new TestCgroup();
    const { pid } = await test.start('exec sleep 60');
    const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().split('\n');
    expect(lines.every((line) => line.includes('coracle-test'))).toBe(true);
    expect(test.cgroup.processes()).toEqual([pid]);
  });

  it('notices that it was there before', () => {
    using first = new TestCgroup(undefined, `${PARENT}/same`);
    using again = new TestCgroup(undefined, `${PARENT}/same`);
    expect(first.cgroup.existed).toBe(false);
    expect(again.cgroup.existed).toBe(true);
  });
});
