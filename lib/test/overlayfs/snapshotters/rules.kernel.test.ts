import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench, refused, SNAPSHOTTERS } from './bench.ts';

describe.each(SNAPSHOTTERS)('$name: rules', ({ open }) => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench(open);
  });

  afterEach(() => {
    bench[Symbol.dispose]();
  });

  it('nothing is known of a key that does not exist', async () => {
    const missing = refused('NOT_FOUND', /snapshot nobody does not exist/);
    expect(() => bench.snapshots.stat('nobody')).toThrow(missing);
    expect(() => bench.snapshots.mounts('nobody')).toThrow(missing);
    expect(() => bench.snapshots.update('nobody', {})).toThrow(missing);
    expect(() => [...bench.snapshots.changes('nobody')]).toThrow(missing);
    await expect(bench.snapshots.usage('nobody')).rejects.toThrow(missing);
    await expect(bench.snapshots.remove('nobody')).rejects.toThrow(missing);
    await expect(bench.snapshots.commit('x', 'nobody')).rejects.toThrow(missing);
    await expect(bench.snapshots.prepare('x', 'nobody')).rejects.toThrow(missing);
    await expect(bench.snapshots.view('x', 'nobody')).rejects.toThrow(missing);
    expect(bench.layersOnDisk()).toEqual([]);
  });

  it('a key is taken once, a name too', async () => {
    await bench.snapshots.prepare('a');
    await bench.layer('image', undefined, 'true');
    const taken = refused('ALREADY_EXISTS', /exists already/);
    await expect(bench.snapshots.prepare('a')).rejects.toThrow(taken);
    await expect(bench.snapshots.view('a')).rejects.toThrow(taken);
    await expect(bench.snapshots.prepare('image')).rejects.toThrow(taken);
    await expect(bench.snapshots.commit('image', 'a')).rejects.toThrow(taken);
    expect(bench.snapshots.stat('a').kind).toBe('active');
  });

  it('an empty key is refused', async () => {
    const empty = refused('INVALID_ARGUMENT', /not empty/);
    await expect(bench.snapshots.prepare('')).rejects.toThrow(empty);
    await bench.snapshots.prepare('a');
    await expect(bench.snapshots.commit('', 'a')).rejects.toThrow(empty);
  });

  it('only what is committed can be a parent', async () => {
    await bench.snapshots.prepare('a');
    await bench.snapshots.view('v');
    for (const [parent, kind] of [
      ['a', 'active'],
      ['v', 'view'],
    ] as const) {
      await expect(bench.snapshots.prepare('child', parent)).rejects.toThrow(
        refused('INVALID_ARGUMENT', new RegExp(`parent ${parent} of child is ${kind}: commit`)),
      );
    }
  });

  it('only what is active can be committed', async () => {
    await bench.layer('image', undefined, 'true');
    await bench.snapshots.view('v', 'image');
    for (const key of ['image', 'v']) {
      await expect(bench.snapshots.commit('other', key)).rejects.toThrow(
        refused('FAILED_PRECONDITION', /only an active one can be committed/),
      );
    }
  });

  it('what is committed has no mounts', async () => {
    await bench.layer('image', undefined, 'true');
    expect(() => bench.snapshots.mounts('image')).toThrow(
      refused('FAILED_PRECONDITION', /prepare or view a snapshot on top/),
    );
  });

  it('a parent stays as long as it has children', async () => {
    await bench.layer('image', undefined, 'true');
    await bench.snapshots.prepare('a', 'image');
    await expect(bench.snapshots.remove('image')).rejects.toThrow(
      refused('FAILED_PRECONDITION', /image is the parent of a: remove that first/),
    );
    await bench.snapshots.remove('a');
    await bench.snapshots.remove('image');
  });

  it('of two that ask for one key at once, one gets it', async () => {
    await bench.layer('image', undefined, 'echo x > file');
    const answers = await Promise.allSettled([
      bench.snapshots.prepare('a', 'image'),
      bench.snapshots.prepare('a', 'image'),
      bench.snapshots.prepare('a', 'image'),
    ]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(bench.layersOnDisk()).toHaveLength(2);
  });
});
