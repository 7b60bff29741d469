import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContentStore } from '../../src/image/index.ts';
import { rounds } from '../rounds.ts';
import { blobFiles, problems, sha256, start, StoreScratch } from './content-scratch.ts';
import { refusal } from './refusal.ts';

const TIMEOUT = 60_000;

let scratch: StoreScratch;
let store: ContentStore;

beforeEach(() => {
  scratch = new StoreScratch();
  store = scratch.open();
});

afterEach(() => {
  scratch[Symbol.dispose]();
});

describe('an ingest that another process writes', () => {
  it('is not to be had until that one ends, and then goes on', { timeout: TIMEOUT }, async () => {
    const { child, ended, spoke } = start('content-child.ts', ['hold', scratch.root, 'a']);
    await spoke;
    expect(() => store.ingest('a')).toThrow(refusal('UNAVAILABLE'));
    expect(() => store.abort('a')).toThrow(refusal('UNAVAILABLE'));
    expect(store.collect({ ingestsOlderThan: -1 }).ingests).toEqual([]);
    expect(store.ingests()).toMatchObject([{ ref: 'a', offset: 4 }]);

    child.kill('SIGKILL');
    await ended;
    using ingest = store.ingest('a');
    expect(ingest.offset).toBe(4);
    expect(ingest.commit({}).digest).toBe(sha256('held'));
  });
});

describe('processes that make a store at once', () => {
  it('all succeed, and have each blob once', { timeout: TIMEOUT }, async () => {
    store.close();
    const root = `${scratch.root}/new`;
    const count = rounds(30);
    const names = ['a', 'b', 'c'];
    const args = (name: string): string[] => ['commit', root, name, String(count)];
    const ends = await Promise.all(
      names.map((name) => start('content-child.ts', args(name)).ended),
    );

    const digests = Array.from({ length: count }, (_, at) => sha256(`content ${at}`));
    for (const end of ends) expect(end).toEqual({ code: 0, lines: digests, stderr: '' });
    const made = scratch.open(root);
    expect([...made.walk()].map(({ digest }) => digest)).toEqual(digests.toSorted());
    expect(blobFiles(root)).toEqual(digests.toSorted());
    expect(made.ingests()).toEqual([]);
    expect(made.collect().removed).toEqual([]);
    for (const name of names) expect(made.leases.resources(name)).toHaveLength(count);
    expect(await problems(made)).toEqual([]);
  });
});

describe('a collection beside processes that pull', () => {
  it('takes nothing that a lease keeps', { timeout: TIMEOUT }, async () => {
    const collector = start('content-child.ts', ['collect', scratch.root]);
    await collector.spoke;
    const count = rounds(300);
    const pullers = ['a', 'b'].map((name) =>
      start('content-child.ts', ['pull', scratch.root, name, String(count)]),
    );
    const ends = await Promise.all(pullers.map(({ ended }) => ended));
    collector.child.stdin.end();
    const collected = await collector.ended;

    for (const end of ends) expect(end).toMatchObject({ code: 0, stderr: '' });
    const acts = new Set(ends.flatMap(({ lines }) => lines));
    expect(acts).toEqual(new Set(['kept', 'committed']));
    expect(collected).toMatchObject({ code: 0, stderr: '' });
    expect(Number(collected.lines.at(-1))).toBeGreaterThan(0);
    store.collect();
    expect(blobFiles(scratch.root)).toEqual([]);
  });
});
