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
import { rounds, slowness } from '../rounds.ts';
import { Scratch, sh } from './scratch.ts';

let scratch: Scratch;
let store: string;

beforeEach(() => {
  scratch = new Scratch();
  store = scratch.directory('store');
});

afterEach(() => {
  scratch[Symbol.dispose]();
});

/** The calls that change a store, by the names of both architectures. */
const STEPS = [
  ['rename', 'renameat', 'renameat2'],
  ['mkdir', 'mkdirat'],
  ['unlink', 'unlinkat', 'rmdir'],
  ['chmod', 'fchmodat'],
].map((names) => names.map((name) => `?${name}`).join(','));

/** A child that works on the store, its acknowledgements, and whether it came to its end. */
interface Ended {
  readonly acknowledged: string[];
  readonly finished: boolean;
}

async function run(command: readonly string[], killAfter?: number): Promise<Ended> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  if (killAfter !== undefined) {
    await once(child.stdout, 'data');
    await sleep(killAfter);
    child.kill('SIGKILL');
  }
  await closed;
  return { acknowledged: output.split('\n').slice(1, -1), finished: child.exitCode === 0 };
}

function childCommand(driver: string, prefix: string, count: number): string[] {
  const script = path.join(import.meta.dirname, 'crash-child.ts');
  return [process.execPath, script, store, driver, prefix, String(count)];
}

describe.each(['overlay', 'native'])('kill -9 of a %s snapshotter', (driver) => {
  let snapshots: Snapshotter;

  beforeEach(async () => {
    const made = driver === 'native' ? nativeDriver() : overlayDriver();
    snapshots = createSnapshotter(store, made, { durable: false });
    const merged = scratch.directory('merged');
    mountSnapshot(await snapshots.prepare('making-base'), merged);
    sh('for i in 1 2 3; do mkdir $i; echo $i > $i/file; done', merged);
    unmount(merged);
    await snapshots.commit('base', 'making-base');
  });

  afterEach(() => {
    snapshots.close();
  });

  it.each(STEPS)('before each %s loses nothing acknowledged, and leaves nothing', async (calls) => {
    // Every one, or each fifth (say) where one takes seconds.
    for (let step = 1; ; step += slowness) {
      const kill = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`];
      const inject = ['-e', `inject=${calls}:signal=KILL:when=${step}`];
      const child = childCommand(driver, `step${step}`, 1);
      const { acknowledged, finished } = await run([...kill, ...inject, ...child]);
      expect(await faults(snapshots, acknowledged)).toEqual(NO_FAULTS);
      if (!finished) continue;
      expect(acknowledged).toHaveLength(5);
      expect(step).toBeGreaterThan(2);
      return;
    }
  });

  it('at random moments loses nothing acknowledged', async () => {
    for (let round = 0; round < rounds(10); round += 1) {
      const command = childCommand(driver, `random${round}`, Infinity);
      const { acknowledged } = await run(command, Math.random() * 40 * slowness);
      expect(await faults(snapshots, acknowledged)).toEqual(NO_FAULTS);
    }
  });
});

const NO_FAULTS = { repairs: [], missing: [], stillThere: [], strays: [], trash: [], damaged: [] };

/** What is wrong after a cleanup; the last act before the kill may be done and untold. */
async function faults(snapshots: Snapshotter, acknowledged: readonly string[]): Promise<object> {
  await snapshots.cleanup();
  const names = new Set([...snapshots.walk()].map(({ name }) => name));
  const { there, gone } = replay(acknowledged);
  const last = there.at(-1);
  const records = recordsOnDisk();
  const ids = new Set(records.map(({ id }) => id));
  const layers = new Set(readdirSync(path.join(store, 'layers')));
  return {
    repairs: await snapshots.cleanup(),
    missing: there.filter((key) => !names.has(key) && key !== last),
    stillThere: gone.filter((key) => names.has(key)),
    strays: [...layers]
      .filter((id) => !ids.has(id))
      .concat([...ids].filter((id) => !layers.has(id))),
    trash: readdirSync(path.join(store, 'trash')),
    damaged: records.filter((record) => !isWhole(record)),
  };
}

function recordsOnDisk(): SnapshotRecord[] {
  return readdirSync(path.join(store, 'records')).map((file) => {
    const text = readFileSync(path.join(store, 'records', file), 'utf8');
    return JSON.parse(text) as SnapshotRecord;
  });
}

/** Every committed snapshot has its file. */
function isWhole({ name, kind, id }: SnapshotRecord): boolean {
  const files = path.join(store, 'layers', id, 'fs');
  if (name === 'base') return readdirSync(files).join('') === '123';
  return kind !== 'committed' || readFileSync(path.join(files, 'file'), 'utf8') === name;
}

/** What must exist after these acknowledgements, the newest last, and what must not. */
function replay(acknowledged: readonly string[]): { there: string[]; gone: string[] } {
  const there = new Set<string>();
  const gone: string[] = [];
  for (const line of acknowledged) {
    const [act, key = ''] = line.split(' ');
    if (act === 'removed') {
      there.delete(key);
      gone.push(key);
    } else there.add(key);
    if (act === 'committed') there.delete(`making-${key}`);
  }
  return { there: [...there], gone };
}

describe('a commit cut between its two renames', () => {
  it('has not happened: the snapshot is still active under its key', async () => {
    using snapshots = createSnapshotter(store, overlayDriver());
    await snapshots.prepare('key');
    const records = path.join(store, 'records');
    const [file = ''] = readdirSync(records);
    await snapshots.commit('name', 'key');
    const [committed = ''] = readdirSync(records);
    renameSync(path.join(records, committed), path.join(records, file));

    expect([...snapshots.walk()]).toMatchObject([{ name: 'key', kind: 'active' }]);
    expect(snapshots.mounts('key')).toHaveLength(1);
    expect(() => snapshots.stat('name')).toThrow(/does not exist/);
    expect(await snapshots.cleanup()).toEqual([
      'made key active again, its commit as name was not finished',
    ]);
    expect(await snapshots.cleanup()).toEqual([]);
    await snapshots.commit('other', 'key');
    expect([...snapshots.walk()]).toMatchObject([{ name: 'other', kind: 'committed' }]);
  });
});

describe('a layer that is being filled', () => {
  it('is left alone by cleanup, also of another process', async () => {
    using snapshots = createSnapshotter(store, nativeDriver());
    using other = createSnapshotter(store, nativeDriver());
    const merged = scratch.directory('merged');
    mountSnapshot(await snapshots.prepare('making'), merged);
    sh('for i in $(seq 2000); do echo $i > $i; done', merged);
    unmount(merged);
    await snapshots.commit('base', 'making');

    const filling = snapshots.prepare('a', 'base');
    expect(readdirSync(path.join(store, 'layers'))).toHaveLength(2);
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
