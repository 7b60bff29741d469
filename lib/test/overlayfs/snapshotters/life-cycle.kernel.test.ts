import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench, refused, SNAPSHOTTERS } from './bench.ts';

describe.each(SNAPSHOTTERS)('$name: life cycle', ({ open }) => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench(open);
  });

  afterEach(() => {
    bench[Symbol.dispose]();
  });

  it('an empty snapshot can be written, committed and built upon', async () => {
    bench.within(await bench.snapshots.prepare('a'), 'echo one > file');
    await bench.snapshots.commit('image', 'a');
    expect(bench.within(await bench.snapshots.prepare('b', 'image'), 'cat file')).toBe('one');
  });

  it('a child does not change its parent, nor its siblings', async () => {
    await bench.layer('image', undefined, 'echo one > file; echo two > gone');
    bench.within(await bench.snapshots.prepare('a', 'image'), 'echo changed > file; rm gone');
    expect(bench.within(await bench.snapshots.prepare('b', 'image'), 'cat file gone')).toBe(
      'one\ntwo',
    );
    expect(bench.within(await bench.snapshots.view('v', 'image'), 'cat file gone')).toBe(
      'one\ntwo',
    );
    expect(bench.within(bench.snapshots.mounts('a'), 'ls; cat file')).toBe('file\nchanged');
  });

  it('mounts of an active snapshot are the same each time', async () => {
    await bench.layer('image', undefined, 'echo x > file');
    const mounts = await bench.snapshots.prepare('a', 'image');
    expect(bench.snapshots.mounts('a')).toEqual(mounts);
  });

  it('a view is read-only, of one layer and of several', async () => {
    await bench.layer('one', undefined, 'echo x > a');
    await bench.layer('two', 'one', 'echo x > b');
    for (const parent of ['one', 'two', undefined]) {
      const mounts = await bench.snapshots.view(`view-${parent ?? 'empty'}`, parent);
      expect(() => bench.within(mounts, 'touch c 2>/dev/null')).toThrow(/Command failed/);
    }
    expect(bench.within(bench.snapshots.mounts('view-two'), 'ls')).toBe('a\nb');
  });

  it('the active key is gone after commit, the name is there', async () => {
    await bench.layer('image', undefined, 'true');
    expect(() => bench.snapshots.stat('making-image')).toThrow(
      refused('NOT_FOUND', /does not exist/),
    );
    expect(bench.snapshots.stat('image')).toMatchObject({ kind: 'committed', name: 'image' });
    await bench.snapshots.prepare('making-image');
    expect(bench.snapshots.stat('making-image').kind).toBe('active');
  });

  it('a removed snapshot leaves no files', async () => {
    await bench.layer('image', undefined, 'mkdir d; echo x > d/file');
    bench.within(await bench.snapshots.prepare('a', 'image'), 'rm -r d');
    await bench.snapshots.remove('a');
    await bench.snapshots.remove('image');
    expect([...bench.snapshots.walk()]).toEqual([]);
    expect(bench.layersOnDisk()).toEqual([]);
    expect(readdirSync(path.join(bench.store, 'trash'))).toEqual([]);
  });

  it('keys may be anything', async () => {
    const odd = ['default/12/extract-1 sha256:ab', '../../up', 'ü\n', '.', 'a'.repeat(500)];
    for (const key of odd) await bench.snapshots.prepare(key);
    expect([...bench.snapshots.walk()].map(({ name }) => name)).toEqual(odd.toSorted());
    for (const key of odd) await bench.snapshots.remove(key);
    expect([...bench.snapshots.walk()]).toEqual([]);
  });

  it('forty layers deep', async () => {
    let parent: string | undefined;
    for (let index = 0; index < 40; index += 1) {
      const previous = index - 1;
      await bench.layer(`l${index}`, parent, `echo ${index} > f${index}; rm -f f${previous - 5}`);
      parent = `l${index}`;
    }
    expect(bench.within(await bench.snapshots.view('v', parent), 'ls | sort -V | xargs')).toBe(
      'f34 f35 f36 f37 f38 f39',
    );
  });
});
