import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContentStore } from '../../src/image/index.ts';
import type { Digest } from '../../src/oci/index.ts';
import { problems, put, StoreScratch } from './content-scratch.ts';

let scratch: StoreScratch;
let store: ContentStore;
let digest: Digest;
let file: string;

beforeEach(() => {
  scratch = new StoreScratch();
  store = scratch.open();
  put(store, 'sound');
  digest = put(store, 'damaged soon');
  file = store.path(digest);
});

afterEach(() => {
  scratch[Symbol.dispose]();
});

it('a store that nobody damaged has no problems', async () => {
  expect(await problems(store)).toEqual([]);
});

describe.each<[string, () => void, RegExp]>([
  ['was cut off', () => truncateSync(file, 3), /has 3 bytes, not 12: delete it/],
  ['has grown', () => writeFileSync(file, 'damaged soon!'), /has 13 bytes, not 12/],
  ['has another byte', () => writeFileSync(file, 'damaged sOon'), /has the digest sha256:/],
  ['is missing', () => rmSync(file), /is missing/],
])('a blob whose file %s', (_what, damage, message) => {
  beforeEach(damage);

  it('is not read', () => {
    const lost = { code: 'DATA_LOSS', message: expect.stringMatching(message) as string };
    expect(() => store.read(digest)).toThrow(expect.objectContaining(lost));
    expect(() => store.read(digest)).toThrow(file);
  });

  it('is found by verify, and only that', async () => {
    const found = { digest, path: file, message: expect.stringMatching(message) as string };
    expect(await problems(store)).toEqual([found]);
  });

  it('can be deleted and fetched again', async () => {
    expect(store.delete(digest)).toBe(true);
    put(store, 'damaged soon');
    expect(store.read(digest).toString()).toBe('damaged soon');
    expect(await problems(store)).toEqual([]);
  });
});

it('a blob that is missing, or of the wrong size, is whole after the next commit of it', async () => {
  for (const damage of [() => rmSync(file), () => truncateSync(file, 3)]) {
    damage();
    put(store, 'damaged soon');
    expect(store.read(digest).toString()).toBe('damaged soon');
  }
  expect(await problems(store)).toEqual([]);
});
