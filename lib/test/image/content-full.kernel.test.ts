import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContentStore } from '../../src/image/index.ts';
import { MNT_DETACH, mount, MS_REMOUNT, umount2 } from '../../src/sys/index.ts';
import { blobFiles, problems, put, sha256, StoreScratch } from './content-scratch.ts';
import { refusal } from './refusal.ts';

const MIB = 1 << 20;

let scratch: StoreScratch;
let root: string;
let store: ContentStore;

beforeEach(() => {
  scratch = new StoreScratch();
  root = path.join(scratch.root, 'small');
  mkdirSync(root);
  mount('tmpfs', root, 'tmpfs', 0, 'size=2m');
  store = scratch.open(root);
});

afterEach(() => {
  store.close();
  umount2(root, MNT_DETACH);
  scratch[Symbol.dispose]();
});

const makeRoom = (): void => mount('tmpfs', root, 'tmpfs', MS_REMOUNT, 'size=16m');

/** Takes all that is left; writeFileSync leaves what fitted. */
function fill(): string {
  const file = path.join(root, 'filler');
  expect(() => writeFileSync(file, Buffer.alloc(4 * MIB))).toThrow(/ENOSPC/);
  return file;
}

describe('a full disk', () => {
  it('fails a write, which may be tried again when there is room', async () => {
    const kept = put(store, 'kept');
    const content = Buffer.alloc(3 * MIB, 'content ');
    using ingest = store.ingest('a');
    ingest.write(content.subarray(0, MIB));
    const data = path.join(root, 'ingest');
    expect(() => ingest.write(content.subarray(MIB))).toThrow(refusal('ENOSPC', data));
    expect(ingest.offset).toBe(MIB);
    expect(store.ingests()).toMatchObject([{ ref: 'a', offset: MIB }]);
    expect(await problems(store)).toEqual([]);

    makeRoom();
    ingest.write(content.subarray(MIB));
    expect(ingest.commit({}).digest).toBe(sha256(content));
    expect(blobFiles(root)).toEqual([kept, sha256(content)].toSorted());
    expect(await problems(store)).toEqual([]);
  });

  it('fails a commit, whose ingest is as it was', async () => {
    const kept = put(store, 'kept');
    const content = Buffer.alloc(MIB, 'content ');
    const labels = Object.fromEntries(
      Array.from({ length: 200 }, (_, at) => [`label ${at}`, 'x'.repeat(4000)]),
    );
    const first = store.ingest('a');
    first.write(content);
    fill();
    expect(() => first.commit({ labels })).toThrow(
      refusal('ENOSPC', path.join(root, 'metadata.db')),
    );
    expect(first.offset).toBe(MIB);
    first.close();
    expect(blobFiles(root)).toEqual([kept]);
    expect([...store.walk()].map(({ digest }) => digest)).toEqual([kept]);

    makeRoom();
    using again = store.ingest('a');
    expect(again.offset).toBe(MIB);
    expect(again.commit({ labels }).labels).toEqual(labels);
    expect(await problems(store)).toEqual([]);
  });

  it('does not hinder an ingest from being thrown away', () => {
    const ingest = store.ingest('a');
    ingest.write(Buffer.alloc(MIB));
    fill();
    ingest.abort();
    expect(put(store, 'there is room')).toBe(sha256('there is room'));
  });

  it('fails an opening, and the next one succeeds', () => {
    const digest = put(store, 'kept');
    store.close();
    const filler = fill();
    expect(() => scratch.open(root)).toThrow(refusal('ENOSPC', root));
    rmSync(filler);
    store = scratch.open(root);
    expect(store.read(digest).toString()).toBe('kept');
  });
});
