import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSnapshotter,
  mountSnapshot,
  nativeDriver,
  overlayDriver,
  unmount,
  type Snapshotter,
} from '../../src/overlayfs/index.ts';
import { Records, type SnapshotRecord } from '../../src/overlayfs/snapshots/records.ts';
import { Scratch, sh } from './scratch.ts';

let scratch: Scratch;

beforeEach(() => {
  scratch = new Scratch();
});

afterEach(() => {
  scratch[Symbol.dispose]();
});

const CHILD = path.join(import.meta.dirname, 'crash-child.ts');

/** Starts a child that works on the store, kills it after a while, and returns what it told. */
async function killedAfter(milliseconds: number, driver: string, seed: number): Promise<string[]> {
  const store = path.join(scratch.root, 'store');
  const child = spawn(process.execPath, [CHILD, store, driver, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child.stdout, 'data');
  await sleep(milliseconds);
  child.kill('SIGKILL');
  await once(child, 'close');
  return output.split('\n').slice(1, -1);
}

/** What must exist after these acknowledgements, and what must not. */
function replay(acknowledged: readonly string[]): { there: Set<string>; gone: Set<string> } {
  const there = new Set<string>();
  const gone = new Set<string>();
  for (const line of acknowledged) {
    const [act, key = ''] = line.split(' ');
    if (act === 'removed') {
      there.delete(key);
      gone.add(key);
    } else there.add(key);
    if (act === 'committed') there.delete(`making-${key}`);
  }
  return { there, gone };
}

describe.each(['overlay', 'native'])('kill -9 of a %s snapshotter', (driver) => {
  const open = (): Snapshotter => {
    const made = driver === 'native' ? nativeDriver() : overlayDriver();
    return createSnapshotter(path.join(scratch.root, 'store'), made, { durable: false });
  };

  it('at twenty random moments loses nothing acknowledged, and leaves nothing else', async () => {
    using snapshots = open();
    const merged = scratch.directory('merged');
    mountSnapshot(await snapshots.prepare('making-base'), merged);
    sh('for i in $(seq 50); do mkdir $i; echo $i > $i/file; done', merged);
    unmount(merged);
    await snapshots.commit('base', 'making-base');

    for (let seed = 0; seed < 20; seed += 1) {
      const acknowledged = await killedAfter(Math.random() * 40, driver, seed);
      const { there, gone } = replay(acknowledged);
      await snapshots.cleanup();
      const names = new Set([...snapshots.walk()].map(({ name }) => name));
      // The last act may have been done and not told.
      const last = [...there].at(-1) ?? '';
      const missing = [...there].filter((key) => !names.has(key) && key !== last);
      expect(missing).toEqual([]);
      expect([...gone].filter((key) => names.has(key))).toEqual([]);
      expect(consistent(snapshots, scratch.root)).toBe(true);
    }
  });
});

/** Every record has its layer, every layer its record, and every committed one its file. */
function consistent(snapshots: Snapshotter, root: string): boolean {
  const records = readdirSync(path.join(root, 'store/records')).map(
    (file) =>
      JSON.parse(readFileSync(path.join(root, 'store/records', file), 'utf8')) as SnapshotRecord,
  );
  const ids = records.map(({ id }) => id).toSorted();
  expect(readdirSync(path.join(root, 'store/layers')).toSorted()).toEqual(ids);
  expect(readdirSync(path.join(root, 'store/trash'))).toEqual([]);
  for (const { name, kind, id } of records) {
    if (kind !== 'committed' || name === 'base') continue;
    expect(readFileSync(path.join(root, 'store/layers', id, 'fs/file'), 'utf8')).toBe(name);
    expect(snapshots.stat(name).parent).toBe('base');
  }
  return true;
}

describe('a commit cut between its two renames', () => {
  it('has not happened: the snapshot is still active under its key', async () => {
    using snapshots = createSnapshotter(scratch.directory('store'), overlayDriver());
    await snapshots.prepare('key');
    const records = path.join(scratch.root, 'store/records');
    const [file = ''] = readdirSync(records);
    await snapshots.commit('name', 'key');
    const [committed = ''] = readdirSync(records);
    renameSync(path.join(records, committed), path.join(records, file));

    expect([...snapshots.walk()]).toMatchObject([{ name: 'key', kind: 'active' }]);
    expect(snapshots.mounts('key')).toHaveLength(1);
    expect(() => snapshots.stat('name')).toThrow(/does not exist/);
    await snapshots.commit('other', 'key');
    expect([...snapshots.walk()]).toMatchObject([{ name: 'other', kind: 'committed' }]);
  });
});

describe('a layer that is being filled', () => {
  it('is left alone by cleanup, also of another process', async () => {
    using snapshots = createSnapshotter(scratch.directory('store'), nativeDriver());
    using other = createSnapshotter(scratch.directory('store'), nativeDriver());
    const merged = scratch.directory('merged');
    mountSnapshot(await snapshots.prepare('making'), merged);
    sh('for i in $(seq 2000); do echo $i > $i; done', merged);
    unmount(merged);
    await snapshots.commit('base', 'making');

    const filling = snapshots.prepare('a', 'base');
    expect(readdirSync(path.join(scratch.root, 'store/layers'))).toHaveLength(2);
    expect(await other.cleanup()).toEqual([]);
    await filling;
    expect(other.stat('a').kind).toBe('active');
  });
});

describe('a record', () => {
  it('that cannot be written leaves the old one and no other file', () => {
    const directory = scratch.directory('records');
    sh('mount -t tmpfs -o size=4k,nr_inodes=3 none .', directory);
    const records = new Records(directory, true);
    const times = { created: '', updated: '' };
    const record: SnapshotRecord = {
      id: '1',
      kind: 'active',
      name: 'a',
      parents: [],
      labels: {},
      ...times,
    };
    records.create(record);
    const labels = { text: 'x'.repeat(100_000) };
    expect(() => records.replace({ ...record, labels })).toThrow(/ENOSPC/);
    expect(records.get('a')).toEqual(record);
    expect(readdirSync(directory)).toHaveLength(1);
  });
});
