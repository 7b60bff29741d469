import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeTree } from '../scratch.ts';
import { Bench, refused, SNAPSHOTTERS } from './bench.ts';

describe.each(SNAPSHOTTERS)('$name: cleanup', ({ open }) => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench(open);
  });

  afterEach(() => {
    bench[Symbol.dispose]();
  });

  it('of a sound store does nothing', async () => {
    await bench.layer('image', undefined, 'touch a');
    await bench.snapshots.prepare('a', 'image');
    const before = describeTree(bench.store);
    expect(await bench.snapshots.cleanup()).toEqual([]);
    expect(describeTree(bench.store)).toEqual(before);
  });

  it('removes a layer without a record, an unfinished record, and what was being deleted', async () => {
    await bench.layer('image', undefined, 'touch a');
    const store = bench.store;
    mkdirSync(path.join(store, 'layers/77/fs/d'), { recursive: true });
    mkdirSync(path.join(store, 'trash/78-x/fs'), { recursive: true });
    writeFileSync(path.join(store, 'records/x.json.new'), '{"half');
    writeFileSync(path.join(store, 'records/y.json'), '');
    expect(await bench.snapshots.cleanup()).toEqual([
      'removed the unfinished record x.json.new',
      'removed the unfinished record y.json',
      'removed layer 77, which had no record',
    ]);
    expect(bench.layersOnDisk()).toHaveLength(1);
    expect(readdirSync(path.join(store, 'trash'))).toEqual([]);
    expect(readdirSync(path.join(store, 'records'))).toHaveLength(1);
    expect(await bench.snapshots.cleanup()).toEqual([]);
  });

  it('removes nothing while it cannot read a record', async () => {
    await bench.layer('image', undefined, 'touch a');
    const store = bench.store;
    mkdirSync(path.join(store, 'layers/77'));
    writeFileSync(path.join(store, 'records/bad.json'), '{"half');
    await expect(bench.snapshots.cleanup()).rejects.toThrow(
      refused('DATA_LOSS', /bad\.json is not a snapshot's record: nothing is cleaned up until/),
    );
    expect(bench.layersOnDisk()).toHaveLength(2);
  });
});
