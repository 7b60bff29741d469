import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mountSnapshot, unmount } from '../../../src/overlayfs/index.ts';
import { describeTree, sh } from '../scratch.ts';
import { unpackChanges } from '../unpack.ts';
import { randomNumbers, vandalize } from '../vandal.ts';
import { Bench, SNAPSHOTTERS } from './bench.ts';

describe.each(SNAPSHOTTERS)('$name: changes', ({ open }) => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench(open);
  });

  afterEach(() => {
    bench[Symbol.dispose]();
  });

  it.each([1, 2, 3, 4, 5])(
    'unpacked on the parent they make the snapshot, seed %i',
    async (seed) => {
      const random = randomNumbers(seed);
      mountSnapshot(await bench.snapshots.prepare('making'), bench.merged);
      vandalize(bench.merged, random, 40);
      const copy = path.join(bench.scratch.root, 'copy');
      sh(`cp -a . ${copy}`, bench.merged);
      unmount(bench.merged);
      await bench.snapshots.commit('image', 'making');

      mountSnapshot(await bench.snapshots.prepare('a', 'image'), bench.merged);
      vandalize(bench.merged, random, 40);
      const seen = describeTree(bench.merged);
      unmount(bench.merged);
      await bench.snapshots.commit('image2', 'a');
      unpackChanges(bench.snapshots.changes('image2'), copy, { form: 'plain' });
      expect(describeTree(copy)).toEqual(seen);
    },
  );

  it('of a view there are none', async () => {
    await bench.layer('image', undefined, 'touch a b');
    await bench.snapshots.view('v', 'image');
    expect([...bench.snapshots.changes('v')]).toEqual([]);
    expect([...bench.snapshots.changes('image')].map(({ path: at }) => at)).toEqual(['a', 'b']);
  });
});
