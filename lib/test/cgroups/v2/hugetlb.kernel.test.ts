/**
 * Huge pages on version 2.
 *
 * Life cycle: four pages are put into the machine's pool → tests → the pool is as it was. A file in
 * hugetlbfs takes its pages when it is made longer; its mount lives in a namespace of its own.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHost } from '../../../src/cgroups/index.ts';
import { TestCgroup, onVersionTwo } from '../kernel.ts';

const MB = 1 << 20;
const POOL = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages';
const hasController = readHost().controllers.has('hugetlb');

/** Makes files of one huge page each, until one is refused; prints how many there are. */
const TAKE_PAGES = `unshare --mount sh -c '
  mount -t hugetlbfs -o pagesize=2M none /mnt || exit 3
  for name in 1 2 3; do fallocate -l 2M /mnt/$name 2> /dev/null || break; done
  ls /mnt | wc -l; find /mnt -type f -size +0 | wc -l'`;

describe.runIf(onVersionTwo && hasController)('huge pages', () => {
  let before = '';

  beforeAll(() => {
    before = readFileSync(POOL, 'utf8');
    writeFileSync(POOL, '4');
  });

  afterAll(() => writeFileSync(POOL, before));

  it('limits are set for pages in use and for pages reserved', () => {
    using test = new TestCgroup();
    test.apply({ hugepageLimits: [{ pageSize: '2MB', limit: 4 * MB }] });
    expect(test.read('', 'hugetlb.2MB.max')).toBe(String(4 * MB));
    expect(test.read('', 'hugetlb.2MB.rsvd.max')).toBe(String(4 * MB));
    expect(test.cgroup.stats().hugetlb['2MB']).toEqual({ usage: 0n, max: 0n, failcnt: 0n });
  });

  it('above the limit are refused, although the machine has more', () => {
    expect(readFileSync(POOL, 'utf8').trim()).toBe('4');
    using free = new TestCgroup();
    expect(free.run(TAKE_PAGES).output).toBe('3\n3\n');
    using test = new TestCgroup();
    test.apply({ hugepageLimits: [{ pageSize: '2MB', limit: 2 * MB }] });
    expect(test.run(TAKE_PAGES).output).toBe('2\n1\n');
    expect(test.cgroup.stats().hugetlb['2MB']?.failcnt).toBeGreaterThan(0n);
  });

  it('of a size that the machine does not have are refused', () => {
    using test = new TestCgroup();
    const update = () => test.apply({ hugepageLimits: [{ pageSize: '3MB', limit: 1 }] });
    expect(update).toThrow(expect.objectContaining({ errno: 'ENOENT' }));
  });
});
