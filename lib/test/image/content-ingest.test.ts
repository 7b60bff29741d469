import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContentStore } from '../../src/image/index.ts';
import type { Digest } from '../../src/oci/index.ts';
import { blobFiles, sha256, StoreScratch } from './content-scratch.ts';
import { refusal } from './refusal.ts';

let scratch: StoreScratch;
let store: ContentStore;

beforeEach(() => {
  scratch = new StoreScratch();
  store = scratch.open();
});

afterEach(() => {
  scratch[Symbol.dispose]();
});

const folders = (): string[] => readdirSync(path.join(scratch.root, 'ingest'));

/** Larger than a piece that is hashed at a time, and not a multiple of it. */
const LARGE = Buffer.alloc(2_500_001, 'content of a layer, ');

describe('an ingest', () => {
  it('becomes a blob, and is no more', () => {
    using ingest = store.ingest('a', { total: 5, digest: sha256('hello') });
    ingest.write(Buffer.from('hel'));
    expect(store.ingests()).toMatchObject([{ ref: 'a', offset: 3, total: 5 }]);
    ingest.write(Buffer.from('lo'));
    const info = ingest.commit({ size: 5, digest: sha256('hello') });
    expect(info).toEqual(store.info(sha256('hello')));
    expect(store.ingests()).toEqual([]);
    expect(folders()).toEqual([]);
  });

  it('goes on where it stopped, in another store’s hands too', () => {
    {
      using ingest = store.ingest('a/../b', { total: LARGE.length });
      ingest.write(LARGE.subarray(0, 1_200_000));
    }
    using ingest = scratch.open().ingest('a/../b');
    expect(ingest).toMatchObject({ offset: 1_200_000, total: LARGE.length });
    ingest.write(LARGE.subarray(1_200_000));
    expect(ingest.commit({ digest: sha256(LARGE) }).size).toBe(LARGE.length);
    expect(store.read(sha256(LARGE), LARGE.length).equals(LARGE)).toBe(true);
  });

  it.each([
    ['said at the beginning', true],
    ['said at the end only', false],
  ])('by sha512, %s', (_what, early) => {
    const digest = `sha512:${createHash('sha512').update(LARGE).digest('hex')}` as Digest;
    using ingest = store.ingest('a', early ? { digest } : {});
    ingest.write(LARGE);
    expect(ingest.commit({ digest }).digest).toBe(digest);
    expect(store.read(digest, LARGE.length).equals(LARGE)).toBe(true);
    expect(blobFiles(scratch.root)).toEqual([digest]);
  });

  it('begins anew after reset', () => {
    using ingest = store.ingest('a');
    ingest.write(Buffer.from('wrong'));
    ingest.reset();
    expect(ingest.offset).toBe(0);
    ingest.write(Buffer.from('right'));
    expect(ingest.commit({}).digest).toBe(sha256('right'));
  });

  it('begins anew when there is more than there should be', () => {
    {
      using ingest = store.ingest('a');
      ingest.write(Buffer.from('too long'));
    }
    using ingest = store.ingest('a', { total: 3 });
    expect(ingest.offset).toBe(0);
  });

  it('has one writer, also when that one resumes', () => {
    const other = scratch.open();
    const first = store.ingest('a');
    for (const at of [store, other]) {
      expect(() => at.ingest('a')).toThrow(refusal('UNAVAILABLE'));
      expect(() => at.abort('a')).toThrow(refusal('UNAVAILABLE'));
    }
    using _second = other.ingest('b');
    first.close();
    using _third = other.ingest('a');
    expect(() => store.ingest('a')).toThrow(refusal('UNAVAILABLE'));
  });

  it('that is aborted is gone', () => {
    const writer = store.ingest('a');
    writer.write(Buffer.from('hello'));
    writer.abort();
    expect(store.ingests()).toEqual([]);
    store.ingest('b').close();
    expect(store.abort('b')).toBe(true);
    expect(store.abort('b')).toBe(false);
    expect(folders()).toEqual([]);
    using again = store.ingest('a');
    expect(again.offset).toBe(0);
  });

  it('cannot be used once it is closed, but closed again', () => {
    using ingest = store.ingest('a');
    ingest.close();
    const uses = [
      () => ingest.write(Buffer.from('x')),
      () => ingest.reset(),
      () => ingest.commit({}),
      () => ingest.abort(),
    ];
    for (const use of uses) expect(use).toThrow(refusal('FAILED_PRECONDITION'));
    expect(store.ingests()).toMatchObject([{ ref: 'a', offset: 0 }]);
  });

  it('needs a ref', () => {
    expect(() => store.ingest('')).toThrow(refusal('INVALID_ARGUMENT'));
  });

  it('of what is there already is no error', () => {
    using first = store.ingest('a');
    using second = store.ingest('b');
    for (const ingest of [first, second]) ingest.write(Buffer.from('hello'));
    const { created } = first.commit({});
    expect(second.commit({}).created).toBe(created);
    expect(blobFiles(scratch.root)).toEqual([sha256('hello')]);
    expect(folders()).toEqual([]);
  });
});

describe('wrong content', () => {
  it('of too many bytes is not written', () => {
    using ingest = store.ingest('a', { total: 5 });
    ingest.write(Buffer.from('hell'));
    expect(() => ingest.write(Buffer.from('oo'))).toThrow(refusal('BAD_CONTENT'));
    expect(ingest.offset).toBe(4);
    ingest.write(Buffer.from('o'));
    expect(ingest.commit({}).digest).toBe(sha256('hello'));
  });

  it.each([
    ['too small for its total', { total: 6 }, {}, /5 bytes, not 6/],
    ['of another size', {}, { size: 4 }, /5 bytes, not 4/],
    ['of another digest', {}, { digest: sha256('x') }, /digest is sha256:2cf.*, not sha256:2d7/],
    ['of another digest than announced', { digest: sha256('x') }, {}, /digest is/],
  ])('that is %s: nothing of it is kept', (_what, options, expected, message) => {
    using ingest = store.ingest('a', options);
    ingest.write(Buffer.from('hello'));
    expect(() => ingest.commit(expected)).toThrow(message);
    expect(store.ingests()).toEqual([]);
    expect(folders()).toEqual([]);
    expect(blobFiles(scratch.root)).toEqual([]);
    expect([...store.walk()]).toEqual([]);
    using again = store.ingest('a');
    expect(again.offset).toBe(0);
  });

  it('in the part that was there before is found', () => {
    store.ingest('a').close();
    const [folder = ''] = folders();
    writeFileSync(path.join(scratch.root, 'ingest', folder, 'data'), '\0\0\0');
    using ingest = store.ingest('a');
    ingest.write(Buffer.from('lo'));
    expect(() => ingest.commit({ digest: sha256('hello') })).toThrow(refusal('BAD_CONTENT'));
  });
});

describe('collection', () => {
  /** As if nobody had written for an hour. */
  const age = (): void => {
    const then = Date.now() / 1000 - 3600;
    for (const folder of folders()) {
      utimesSync(path.join(scratch.root, 'ingest', folder, 'data'), then, then);
    }
  };

  it('removes old ingests that nobody has open', () => {
    const lease = store.leases.create();
    store.ingest('old').close();
    store.ingest('leased', { lease: lease.id }).close();
    using _open = store.ingest('open');
    age();
    store.ingest('new').close();

    expect(store.collect().ingests).toEqual([]);
    expect(store.collect({ ingestsOlderThan: 1_800_000 }).ingests).toEqual(['old']);
    expect(store.ingests().map(({ ref }) => ref)).toEqual(['leased', 'new', 'open']);
    lease.release();
    expect(store.collect({ ingestsOlderThan: 1_800_000 }).ingests).toEqual(['leased']);
  });

  it('removes what a crash left of an ingest', () => {
    for (const ref of ['a', 'b']) store.ingest(ref).close();
    for (const folder of folders()) {
      writeFileSync(path.join(scratch.root, 'ingest', folder, 'about.json'), '');
    }
    using resumed = store.ingest('a');
    store.collect();
    expect(folders()).toHaveLength(1);
    expect(store.ingests()).toMatchObject([{ ref: resumed.ref }]);
  });
});
