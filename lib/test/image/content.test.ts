import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { openContentStore, type ContentStore } from '../../src/image/index.ts';
import { MAX_DOCUMENT_SIZE, type Digest } from '../../src/oci/index.ts';
import { blobFiles, put, sha256, start, StoreScratch } from './content-scratch.ts';
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

describe('a blob', () => {
  it('is a file of an OCI layout, and known to others at once', () => {
    const digest = put(store, 'hello', { labels: { a: '1' } });

    const other = scratch.open();
    expect(digest).toBe(sha256('hello'));
    expect(store.path(digest)).toBe(path.join(scratch.root, 'blobs', 'sha256', digest.slice(7)));
    expect(readFileSync(store.path(digest), 'utf8')).toBe('hello');
    expect(other.has(digest)).toBe(true);
    expect(other.read(digest).toString()).toBe('hello');
    expect(other.info(digest)).toMatchObject({ digest, size: 5, labels: { a: '1' } });
    expect(other.info(digest).created).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('may be empty', () => {
    const digest = put(store, '');
    expect(store.read(digest)).toHaveLength(0);
    expect(store.info(digest).size).toBe(0);
  });

  it('is gone when it was deleted, its file too', () => {
    const digest = put(store, 'hello');
    expect(store.delete(digest)).toBe(true);
    expect(store.has(digest)).toBe(false);
    expect(blobFiles(scratch.root)).toEqual([]);
    expect(store.delete(digest)).toBe(false);
    const uses = [() => store.info(digest), () => store.path(digest), () => store.read(digest)];
    for (const use of uses) expect(use).toThrow(refusal('NOT_FOUND', digest));
  });

  it('that is larger than asked for is not read', () => {
    const digest = put(store, Buffer.alloc(MAX_DOCUMENT_SIZE + 1));
    expect(() => store.read(digest)).toThrow(refusal('TOO_LARGE'));
    expect(store.read(digest, MAX_DOCUMENT_SIZE + 1)).toHaveLength(MAX_DOCUMENT_SIZE + 1);
  });

  it('is listed among the others, also while they are deleted', () => {
    const digests = Array.from({ length: 250 }, (_, at) => put(store, `blob ${at}`)).toSorted();
    expect([...store.walk()].map(({ digest }) => digest)).toEqual(digests);
    for (const { digest } of store.walk()) store.delete(digest);
    expect([...store.walk()]).toEqual([]);
  });
});

describe('labels', () => {
  it('are added, replaced and removed by name', () => {
    const digest = put(store, 'hello', { labels: { a: '1', b: '2' } });
    const info = store.label(digest, { a: '', b: '3', c: '4' });
    expect(info.labels).toEqual({ b: '3', c: '4' });
    expect(store.info(digest)).toEqual(info);
  });

  it('of a content that is committed again are added', () => {
    put(store, 'hello', { labels: { a: '1', b: '2' } });
    const digest = put(store, 'hello', { labels: { b: '3' } });
    expect(store.info(digest).labels).toEqual({ a: '1', b: '3' });
  });

  it('may have any name, also one of JavaScript’s own', () => {
    const labels = JSON.parse('{"__proto__": "1", "constructor": "2"}') as Record<string, string>;
    const digest = put(store, 'hello', { labels });
    expect(Object.entries(store.info(digest).labels)).toEqual(Object.entries(labels));
  });

  it.each([
    ['no name', { '': 'x' }],
    ['a value without end', { name: 'x'.repeat(4093) }],
  ])('with %s are refused, and change nothing', (_what, labels) => {
    const digest = put(store, 'hello', { labels: { a: '1' } });
    const refused = refusal('INVALID_ARGUMENT');
    expect(() => store.label(digest, { a: '2', ...labels })).toThrow(refused);
    expect(() => put(store, 'other', { labels })).toThrow(refused);
    expect(store.info(digest).labels).toEqual({ a: '1' });
    expect(store.has(sha256('other'))).toBe(false);
  });

  it('of what is not there are refused', () => {
    const missing = refusal('NOT_FOUND');
    expect(() => store.label(sha256('x'), { a: '1' })).toThrow(missing);
  });
});

describe.each([
  ['a path', 'sha256:../../../../etc/passwd'],
  ['a path of the right length', `sha256:${'../'.repeat(21)}a`],
  ['another algorithm', `md5:${'0'.repeat(32)}`],
  ['an algorithm that is a path', `../sha256:${'0'.repeat(64)}`],
  ['upper case', `sha256:${'A'.repeat(64)}`],
  ['too few digits', 'sha256:00'],
  ['no digits', 'sha256:'],
  ['nothing', ''],
])('a digest that is %s', (_what, text) => {
  const digest = text as Digest;

  it.each<[string, (at: ContentStore) => unknown]>([
    ['info', (at) => at.info(digest)],
    ['has', (at) => at.has(digest)],
    ['path', (at) => at.path(digest)],
    ['read', (at) => at.read(digest)],
    ['label', (at) => at.label(digest, {})],
    ['delete', (at) => at.delete(digest)],
    ['ingest', (at) => at.ingest('ref', { digest })],
    ['keep', (at) => at.keep(digest, at.leases.create().id)],
    ['leases.add', (at) => at.leases.add(at.leases.create().id, { type: 'content', id: digest })],
    [
      'images.put',
      (at) => at.images.put({ name: 'a', target: { mediaType: 'b', digest, size: 1 } }),
    ],
  ])('is refused by %s', (_name, use) => {
    expect(() => use(store)).toThrow(refusal('BAD_DIGEST'));
  });

  it('is refused by commit, which keeps what was written', () => {
    using ingest = store.ingest('ref');
    ingest.write(Buffer.from('hello'));
    expect(() => ingest.commit({ digest })).toThrow(refusal('BAD_DIGEST'));
    expect(ingest.commit({}).digest).toBe(sha256('hello'));
  });
});

describe('images', () => {
  const target = { mediaType: 'application/json', digest: sha256('x'), size: 1 };

  it('are made, replaced, listed and deleted', () => {
    const made = store.images.put({ name: 'b', target, labels: { a: '1' } });
    store.images.put({ name: 'a', target });
    expect(made).toMatchObject({ name: 'b', target, labels: { a: '1' } });
    expect(store.images.list().map(({ name }) => name)).toEqual(['a', 'b']);

    const platform = { os: 'linux', architecture: 'arm64' };
    const replaced = store.images.put({ name: 'b', target: { ...target, platform } });
    expect(replaced).toMatchObject({ target: { platform }, labels: {}, created: made.created });
    expect(scratch.open().images.get('b')).toEqual(replaced);

    expect(store.images.delete('b')).toBe(true);
    expect(store.images.delete('b')).toBe(false);
    expect(store.images.find('b')).toBeUndefined();
    expect(() => store.images.get('b')).toThrow(refusal('NOT_FOUND'));
  });

  it('need a name', () => {
    const refused = refusal('INVALID_ARGUMENT');
    expect(() => store.images.put({ name: '', target })).toThrow(refused);
  });
});

describe('a store', () => {
  it('closes more than once, and opens again with all that is in it', () => {
    const digest = put(store, 'hello');
    store.close();
    store.close();
    expect(scratch.open().read(digest).toString()).toBe('hello');
  });

  it('waits for the disk by default, and works the same', () => {
    const root = path.join(scratch.root, 'deep', 'in');
    using durable = openContentStore(root);
    const digest = put(durable, 'hello');
    expect(durable.read(digest).toString()).toBe('hello');
    expect(durable.delete(digest)).toBe(true);
  });

  it('prints nothing, no warning of Node either', async () => {
    const { ended } = start('content-child.ts', ['commit', scratch.root, 'a', '1']);
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('of a newer format is left alone', () => {
    store.close();
    const file = path.join(scratch.root, 'metadata.db');
    using database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    expect(() => scratch.open()).toThrow(refusal('FAILED_PRECONDITION', file));
  });

  it('whose database is no database says so', () => {
    store.close();
    const file = path.join(scratch.root, 'metadata.db');
    rmSync(`${file}-wal`, { force: true });
    writeFileSync(file, 'x'.repeat(10_000));
    expect(() => scratch.open()).toThrow(refusal('DATA_LOSS', file));
  });

  it('in a place that is a file says which', () => {
    const root = path.join(scratch.root, 'file');
    writeFileSync(root, '');
    expect(() => scratch.open(root)).toThrow(refusal('ENOTDIR', root));
    expect(existsSync(root)).toBe(true);
  });
});
