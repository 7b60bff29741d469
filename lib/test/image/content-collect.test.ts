import { existsSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContentStore } from '../../src/image/index.ts';
import type { Digest } from '../../src/oci/index.ts';
import { blobFiles, put, sha256, StoreScratch } from './content-scratch.ts';
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

const REF = 'containerd.io/gc.ref.content';
const target = (digest: Digest) => ({ mediaType: 'application/json', digest, size: 1 });

describe('a collection', () => {
  it('removes what nobody needs, and says how much that was', () => {
    const digests = ['a', 'bb', 'ccc'].map((content) => put(store, content));
    const { removed, bytes } = store.collect();
    expect(removed.toSorted()).toEqual(digests.toSorted());
    expect(bytes).toBe(6);
    expect(blobFiles(scratch.root)).toEqual([]);
    expect(store.collect()).toMatchObject({ removed: [], bytes: 0 });
  });

  it('keeps what an image needs, through every step', () => {
    const layer = put(store, 'layer');
    const config = put(store, 'config');
    const labels = { [`${REF}.config`]: config, [`${REF}.l.0`]: layer };
    const manifest = put(store, 'manifest', { labels });
    const index = put(store, 'index', { labels: { [`${REF}.m.0`]: manifest } });
    const other = put(store, 'other');
    store.images.put({ name: 'a', target: target(index) });
    store.images.put({ name: 'b', target: target(manifest) });

    expect(store.collect().removed).toEqual([other]);
    store.images.delete('a');
    expect(store.collect().removed).toEqual([index]);
    store.images.delete('b');
    expect(store.collect().removed.toSorted()).toEqual([layer, config, manifest].toSorted());
  });

  it.each([
    [REF, true],
    [`${REF}.l.0`, true],
    [`${REF}/x`, true],
    [`${REF}x`, false],
    [REF.toUpperCase(), false],
    ['containerd.io/gc.ref.snapshot.overlayfs', false],
  ])('a label %s refers to content: %s', (name, refers) => {
    const kept = put(store, 'kept');
    put(store, 'root', { labels: { 'containerd.io/gc.root': 'now', [name]: kept } });
    store.collect();
    expect(store.has(kept)).toBe(refers);
  });

  it('is not confused by circles, nor by references to what is not there', () => {
    const a = put(store, 'a');
    const b = put(store, 'b', { labels: { [REF]: a } });
    store.label(a, { [REF]: b, [`${REF}.x`]: sha256('missing'), [`${REF}.y`]: 'no digest' });
    const root = put(store, 'root', { labels: { 'containerd.io/gc.root': '1', [REF]: a } });
    expect(store.collect().removed).toEqual([]);
    store.delete(root);
    expect(store.collect().removed.toSorted()).toEqual([a, b].toSorted());
  });

  it('follows the labels of images', () => {
    const kept = put(store, 'kept');
    const labels = { [REF]: kept, 'containerd.io/gc.ref.snapshot.native': 'x' };
    store.images.put({ name: 'a', target: target(sha256('missing')), labels });
    expect(store.collect()).toMatchObject({ removed: [], snapshots: new Set(['native/x']) });
  });

  it('tells which snapshots are needed', () => {
    const snapshot = 'containerd.io/gc.ref.snapshot.overlayfs';
    const labels = { [snapshot]: 'key 1', [`${snapshot}/2`]: 'sha256:2' };
    const config = put(store, 'config', { labels });
    put(store, 'unneeded', { labels: { [snapshot]: 'key 3' } });
    store.images.put({ name: 'a', target: target(config) });
    const lease = store.leases.create();
    store.leases.add(lease.id, { type: 'snapshot', id: 'native/key 4' });
    const needed = ['overlayfs/key 1', 'overlayfs/sha256:2', 'native/key 4'];
    expect(store.collect().snapshots).toEqual(new Set(needed));
  });

  it('removes files that have no row, and no other files', () => {
    const kept = put(store, 'kept', { labels: { 'containerd.io/gc.root': '1' } });
    const stray = store.path(kept).replace(kept.slice(7), sha256('stray').slice(7));
    const foreign = store.path(kept).replace(kept.slice(7), 'README');
    writeFileSync(stray, 'stray');
    writeFileSync(foreign, 'foreign');
    expect(store.has(sha256('stray'))).toBe(false);
    expect(store.collect()).toMatchObject({ removed: [], bytes: 5 });
    expect([stray, foreign, store.path(kept)].map((file) => existsSync(file))).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('a file without a row', () => {
  it('is replaced by the next commit of that content, whatever is in it', () => {
    const digest = put(store, 'hello');
    const file = store.path(digest);
    store.delete(digest);
    writeFileSync(file, 'HELLO');
    const before = statSync(file).ino;
    put(store, 'hello');
    expect(store.read(digest).toString()).toBe('hello');
    expect(statSync(file).ino).not.toBe(before);
  });
});

describe('a lease', () => {
  it('keeps what is committed with it, and what that refers to, until its end', () => {
    const layer = put(store, 'layer');
    const lease = store.leases.create();
    const manifest = put(store, 'manifest', { lease: lease.id, labels: { [REF]: layer } });
    expect(store.leases.resources(lease.id)).toEqual([{ type: 'content', id: manifest }]);
    expect(store.collect().removed).toEqual([]);
    lease.release();
    lease.release();
    expect(store.collect().removed).toHaveLength(2);
  });

  it('is not ended by the end of a block', () => {
    {
      using lease = store.leases.create({ id: 'a' });
      put(store, 'kept', { lease: lease.id });
    }
    expect(store.collect().removed).toEqual([]);
  });

  it('that is flat keeps only what it names', () => {
    const layer = put(store, 'layer');
    const lease = store.leases.create({ labels: { 'containerd.io/gc.flat': 'true' } });
    put(store, 'manifest', { lease: lease.id, labels: { [REF]: layer } });
    expect(store.collect().removed).toEqual([layer]);
  });

  it('keeps what is there already, and says when it is not there', () => {
    const digest = put(store, 'hello');
    const lease = store.leases.create();
    expect(store.keep(digest, lease.id)).toBe(true);
    expect(store.keep(digest, lease.id)).toBe(true);
    expect(store.keep(sha256('missing'), lease.id)).toBe(false);
    expect(store.collect().removed).toEqual([]);
    expect(store.leases.resources(lease.id)).toEqual([{ type: 'content', id: digest }]);
  });

  it('that has expired keeps nothing, takes nothing, and is collected', () => {
    const digest = put(store, 'hello');
    const id = 'old';
    const lasting = store.leases.create({ expires: '2999-01-01T01:00:00+01:00' });
    store.leases.create({ id, expires: new Date(Date.now() - 1) });
    const uses = [
      () => store.keep(digest, id),
      () => store.ingest('a', { lease: id }),
      () => store.leases.add(id, { type: 'content', id: digest }),
    ];
    for (const use of uses) expect(use).toThrow(refusal('NOT_FOUND'));
    expect(store.collect()).toMatchObject({ leases: [id], removed: [digest] });
    expect(store.leases.list()).toMatchObject([
      { id: lasting.id, expires: '2999-01-01T00:00:00.000Z' },
    ]);
  });

  it('that ends during an ingest fails the commit, and what was written waits', () => {
    const lease = store.leases.create();
    using ingest = store.ingest('a', { lease: lease.id });
    expect(store.leases.resources(lease.id)).toEqual([{ type: 'ingest', id: 'a' }]);
    ingest.write(Buffer.from('hello'));
    lease.release();
    expect(() => ingest.commit({})).toThrow(refusal('NOT_FOUND'));
    expect(blobFiles(scratch.root)).toEqual([]);
    ingest.close();
    using again = store.ingest('a');
    expect(again.offset).toBe(5);
    expect(again.commit({}).digest).toBe(sha256('hello'));
  });

  it('has an id of its own, and a time that is one', () => {
    store.leases.create({ id: 'a', labels: { x: 'y' } });
    expect(store.leases.list()).toMatchObject([
      { id: 'a', expires: undefined, labels: { x: 'y' } },
    ]);
    expect(() => store.leases.create({ id: 'a' })).toThrow(refusal('ALREADY_EXISTS'));
    expect(() => store.leases.create({ id: '' })).toThrow(refusal('INVALID_ARGUMENT'));
    expect(() => store.leases.create({ expires: 'soon' })).toThrow(refusal('INVALID_ARGUMENT'));
    expect(() => store.leases.resources('b')).toThrow(refusal('NOT_FOUND'));
    expect(store.leases.delete('a')).toBe(true);
    expect(store.leases.delete('a')).toBe(false);
  });
});
