import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench, SNAPSHOTTERS } from './bench.ts';

describe.each(SNAPSHOTTERS)('$name: what is known', ({ open }) => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench(open);
  });

  afterEach(() => {
    bench[Symbol.dispose]();
  });

  it('parent, kind, labels and times', async () => {
    await bench.layer('image', undefined, 'true');
    await bench.snapshots.prepare('a', 'image', { labels: { colour: 'blue' } });
    const info = bench.snapshots.stat('a');
    expect(info).toMatchObject({ kind: 'active', parent: 'image', labels: { colour: 'blue' } });
    expect(Math.abs(Date.parse(info.created) - Date.now())).toBeLessThan(10_000);
    await bench.snapshots.commit('b', 'a', { labels: { shape: 'round' } });
    expect(bench.snapshots.stat('b')).toMatchObject({
      kind: 'committed',
      parent: 'image',
      labels: { shape: 'round' },
    });
  });

  it('labels can be replaced, and nothing else changes', async () => {
    await bench.snapshots.prepare('a', undefined, { labels: { x: '1', y: '2' } });
    const before = bench.snapshots.stat('a');
    const updated = bench.snapshots.update('a', { z: '3' });
    expect(updated.labels).toEqual({ z: '3' });
    expect(bench.snapshots.stat('a')).toEqual(updated);
    expect({ ...updated, labels: before.labels, updated: before.updated }).toEqual(before);
  });

  it('walk tells the same as stat, of each', async () => {
    await bench.layer('image', undefined, 'true');
    await bench.snapshots.prepare('b', 'image');
    await bench.snapshots.view('a', 'image');
    const all = [...bench.snapshots.walk()];
    expect(all.map(({ name }) => name)).toEqual(['a', 'b', 'image']);
    expect(all).toEqual(['a', 'b', 'image'].map((key) => bench.snapshots.stat(key)));
  });

  it('usage grows with what is written, and is kept at commit', async () => {
    const mounts = await bench.snapshots.prepare('a');
    const empty = await bench.snapshots.usage('a');
    bench.within(mounts, 'head -c 1000000 /dev/urandom > big; ln big link; mkdir d');
    const full = await bench.snapshots.usage('a');
    expect(full.inodes - empty.inodes).toBe(2);
    expect(full.size - empty.size).toBeGreaterThan(1_000_000);
    expect(full.size - empty.size).toBeLessThan(1_100_000);
    await bench.snapshots.commit('image', 'a');
    expect(await bench.snapshots.usage('image')).toEqual(full);
    await bench.snapshots.view('v', 'image');
    expect(await bench.snapshots.usage('v')).toEqual({ inodes: 0, size: 0 });
  });

  it('all of it is there for the next process', async () => {
    await bench.layer('image', undefined, 'echo x > file');
    await bench.snapshots.prepare('a', 'image');
    const before = [...bench.snapshots.walk()];
    using other = open(bench.store);
    expect([...other.walk()]).toEqual(before);
    expect(bench.within(other.mounts('a'), 'cat file')).toBe('x');
  });

  it('close may be called twice', () => {
    bench.snapshots.close();
    bench.snapshots.close();
  });
});
