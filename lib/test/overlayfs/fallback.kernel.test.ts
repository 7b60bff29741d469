import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  mountOverlay,
  mountSnapshot,
  openSnapshotter,
  planOverlay,
  probeOverlay,
  unmount,
} from '../../src/overlayfs/index.ts';
import { mountsBelow, Scratch, sh } from './scratch.ts';

let scratch: Scratch;

beforeEach(() => {
  scratch = new Scratch();
});

afterEach(() => {
  scratch[Symbol.dispose]();
});

function onAnOverlay(): string {
  const place = scratch.directory('container');
  mountOverlay(
    planOverlay({
      lower: [scratch.directory('l')],
      upper: scratch.directory('c/upper'),
      work: scratch.directory('c/work'),
    }),
    place,
  );
  return place;
}

function onRamfs(): string {
  const place = scratch.directory('ramfs');
  sh('mount -t ramfs none .', place);
  return place;
}

describe('whether overlayfs works', () => {
  it('on a disk it does, with trusted marks', async () => {
    expect(await probeOverlay(scratch.root)).toEqual({ works: true, userxattr: false });
  });

  it('on an overlay it does not, and the reason says what to do', async () => {
    expect(await probeOverlay(onAnOverlay())).toMatchObject({
      works: false,
      reason: {
        code: 'OVERLAY_UPPER_REFUSED',
        message: expect.stringMatching(/is an overlay itself.*native snapshotter/) as string,
      },
    });
  });

  it('on a filesystem without attributes it mounts, and does not work', async () => {
    expect(await probeOverlay(onRamfs())).toMatchObject({
      works: false,
      reason: { message: expect.stringMatching(/mounts but does not work/) as string },
    });
  });

  it('leaves nothing, whatever it finds', async () => {
    const places = [scratch.directory('disk'), onAnOverlay(), onRamfs()];
    const mounts = mountsBelow(scratch.root).length;
    for (const place of places) await probeOverlay(place);
    expect(places.flatMap((place) => readdirSync(place))).toEqual([]);
    expect(mountsBelow(scratch.root)).toHaveLength(mounts);
  });
});

describe('where overlayfs does not work', () => {
  it('copies take its place, and tell why', async () => {
    const store = path.join(onAnOverlay(), 'store');
    const { snapshotter, fallback } = await openSnapshotter(store);
    using snapshots = snapshotter;
    expect(snapshots.driver).toBe('native');
    expect(fallback?.code).toBe('OVERLAY_UPPER_REFUSED');
    const merged = scratch.directory('merged');
    mountSnapshot(await snapshots.prepare('making'), merged);
    sh('echo x > file', merged);
    unmount(merged);
    await snapshots.commit('image', 'making');
    mountSnapshot(await snapshots.prepare('a', 'image'), merged);
    expect(sh('cat file', merged)).toBe('x');
  });

  it('who asks for overlay gets the reason', async () => {
    await expect(openSnapshotter(onAnOverlay(), { driver: 'overlay' })).rejects.toThrow(
      /is an overlay itself/,
    );
  });
});

describe('a store keeps its driver', () => {
  it('also where overlayfs would work', async () => {
    const store = scratch.directory('store');
    (await openSnapshotter(store, { driver: 'native' })).snapshotter.close();
    using again = (await openSnapshotter(store)).snapshotter;
    expect(again.driver).toBe('native');
  });

  it('and refuses the other', async () => {
    const store = scratch.directory('store');
    (await openSnapshotter(store, { driver: 'native' })).snapshotter.close();
    await expect(openSnapshotter(store, { driver: 'overlay' })).rejects.toThrow(
      /holds snapshots of the native driver: use that one, or another directory for overlay/,
    );
  });
});

describe('in a user namespace', () => {
  it('overlayfs works with user marks', () => {
    const child = path.join(import.meta.dirname, 'rootless-child.ts');
    const output = execFileSync(
      'unshare',
      ['--user', '--map-root-user', '--mount', process.execPath, child, scratch.root],
      { encoding: 'utf8' },
    );
    const told = JSON.parse(output) as { mounts: { options: string[] }[] };
    expect(told).toMatchObject({
      driver: 'overlay',
      seen: ['new'],
      changes: [
        { kind: 'modify', path: 'd', opaque: true },
        { kind: 'add', path: 'd/new' },
      ],
    });
    expect(told.mounts[0]?.options).toContain('userxattr');
    const upper = path.join(scratch.root, 'store/layers/2/fs/d');
    expect(sh('python3 -c "import os; print(os.listxattr(\'.\'))"', upper)).toContain(
      'user.overlay.opaque',
    );
  });
});
