/** Images into snapshots, and snapshots into layers again. */
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  chainIds,
  layerArchive,
  ownMark,
  unpackImage,
  unpackLayer,
  type LayerSource,
  type UnpackProgress,
} from '../../src/image/index.ts';
import {
  mountSnapshot,
  openSnapshotter,
  unmountAll,
  type Snapshotter,
} from '../../src/overlayfs/index.ts';
import { slowness } from '../rounds.ts';
import { archive, file, node, symlink, writeArchive } from './tar/archive.ts';

let scratch: string;
let snapshotter: Snapshotter;
beforeEach(async () => {
  scratch = mkdtempSync('/tmp/coracle-unpack-test-');
  ({ snapshotter } = await openSnapshotter(path.join(scratch, 'snapshots'), { driver: 'overlay' }));
});
afterEach(() => {
  snapshotter.close();
  rmSync(scratch, { recursive: true });
});

let count = 0;
const layer = (...parts: Buffer[]): LayerSource =>
  writeArchive(path.join(scratch, `layer-${count++}`), archive(...parts));

const names = (kind: string): string[] =>
  [...snapshotter.walk()].filter((each) => each.kind === kind).map(({ name }) => name);

describe('an image', () => {
  it('becomes a stack of snapshots by ChainID, each made once', async () => {
    const layers = [layer(file('a', '1')), layer(file('b', '2')), layer(file('c', '3'))];
    const chain = chainIds(layers.map(({ diffId }) => diffId));
    const told: UnpackProgress[] = [];
    const onProgress = (progress: UnpackProgress): void => void told.push(progress);
    expect(await unpackImage(layers.slice(0, 2), snapshotter, { onProgress })).toBe(chain[1]);
    expect(await unpackImage(layers, snapshotter, { onProgress })).toBe(chain[2]);
    expect(new Set(names('committed'))).toEqual(new Set(chain));
    expect(snapshotter.stat(chain[2] ?? '').parent).toBe(chain[1]);
    const done = told
      .filter(({ state }) => state !== 'unpacking')
      .map(({ layer: at, state }) => [at, state]);
    expect(done).toEqual([
      [0, 'done'],
      [1, 'done'],
      [0, 'present'],
      [1, 'present'],
      [2, 'done'],
    ]);
  });

  it('may be unpacked by two at once', async () => {
    const layers = [layer(file('a', '1')), layer(file('b', '2'))];
    const [one, two] = await Promise.all([
      unpackImage(layers, snapshotter),
      unpackImage(layers, snapshotter),
    ]);
    expect(one).toBe(two);
    expect(names('committed').length).toBe(2);
    expect(names('active')).toEqual([]);
  });

  it('takes away what a process that is no more has left half done', async () => {
    // No process has this pid: pid_max is at most 2^22 (proc_sys_kernel(5)).
    await snapshotter.prepare('extract 4194305.1 left');
    await snapshotter.prepare('somebody’s own');
    await snapshotter.prepare(`extract ${ownMark()} in use`);
    const below = await unpackImage([layer(file('a', '1'))], snapshotter);
    await snapshotter.view('settle 4194305.1 left', below);
    await unpackImage([], snapshotter);
    expect(names('active').toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      `extract ${ownMark()} in use`,
      'somebody’s own',
    ]);
    expect(names('view')).toEqual([]);
  });

  it('without layers has no snapshot', async () => {
    expect(await unpackImage([], snapshotter)).toBeUndefined();
  });

  it('with a bad layer keeps those below it, and nothing else', async () => {
    const bad = layer(file('a', 'x'), file('../b', 'y'));
    const layers = [layer(file('a', '1')), bad, layer(file('c', '3')), layer(file('d', '4'))];
    await expect(unpackImage(layers, snapshotter)).rejects.toThrow(/leads out of the image/);
    expect(names('committed')).toEqual([layers[0]?.diffId]);
    expect(names('active')).toEqual([]);
  });

  it('that is cancelled leaves nothing half done', async () => {
    const cancelled = new AbortController();
    const layers = [layer(file('a', 'x'.repeat(3_000_000))), layer(file('b', 'y'))];
    const onProgress = (): void => cancelled.abort(new Error('enough'));
    const { signal } = cancelled;
    await expect(unpackImage(layers, snapshotter, { signal, onProgress })).rejects.toThrow(
      /enough/,
    );
    expect(names('active')).toEqual([]);
    expect(await unpackImage(layers, snapshotter)).toBe(
      chainIds(layers.map(({ diffId }) => diffId))[1],
    );
  });
});

/** Looks at a snapshot as a container would see it. */
async function looking<T>(name: string | undefined, look: (root: string) => T): Promise<T> {
  const target = path.join(scratch, 'look');
  mkdirSync(target, { recursive: true });
  mountSnapshot(await snapshotter.view('look', name), target);
  try {
    return look(target);
  } finally {
    unmountAll(target);
    await snapshotter.remove('look');
  }
}

describe('deletions within one layer', () => {
  const below = (): LayerSource => layer(node('d/'), file('d/old', 'old'), file('f', 'old'));

  it.each([
    ['before what replaces it', () => layer(file('.wh.d', ''), node('d/'), file('d/new', 'new'))],
    ['after what replaces it', () => layer(node('d/'), file('d/new', 'new'), file('.wh.d', ''))],
    [
      'as an opaque directory',
      () => layer(node('d/'), file('d/new', 'new'), file('d/.wh..wh..opq', '')),
    ],
    [
      'by a file that a directory replaces',
      () => layer(file('d', ''), node('d/'), file('d/new', 'new')),
    ],
  ])('%s', async (_, above) => {
    const top = await unpackImage([below(), above()], snapshotter);
    await looking(top, (root) => {
      expect(readdirSync(path.join(root, 'd'))).toEqual(['new']);
      expect(readFileSync(path.join(root, 'f'), 'utf8')).toBe('old');
    });
  });

  it('of what is not there are no error', async () => {
    const top = await unpackImage([below(), layer(file('.wh.none', ''))], snapshotter);
    await looking(top, (root) => expect(readdirSync(root)).toEqual(['d', 'f']));
  });
});

describe('a layer that needs those below', () => {
  const below = (): LayerSource =>
    layer(
      node('usr/lib/', { mode: 0o750, uid: 3, mtime: 5_000_000_000n }),
      symlink('lib', 'usr/lib'),
      file('file', 'below'),
    );

  it('goes through their symlinks', async () => {
    const top = await unpackImage([below(), layer(file('lib/new', 'x'))], snapshotter);
    await looking(top, (root) => {
      expect(readFileSync(path.join(root, 'usr/lib/new'), 'utf8')).toBe('x');
    });
  });

  it('links to their files', async () => {
    const link = node('link', { type: 'link', linkName: 'file' });
    const top = await unpackImage([below(), layer(link)], snapshotter);
    await looking(top, (root) => {
      expect(readFileSync(path.join(root, 'link'), 'utf8')).toBe('below');
    });
  });

  it('puts files into their directories, which stay as they were', async () => {
    const top = await unpackImage([below(), layer(file('usr/lib/new', 'x'))], snapshotter);
    const stat = await looking(top, (root) =>
      execFileSync('stat', ['-c', '%a %u %Y', path.join(root, 'usr/lib')], { encoding: 'utf8' }),
    );
    expect(stat).toBe('750 3 5\n');
  });

  it('and is the lowest is damaged', async () => {
    const link = layer(node('link', { type: 'link', linkName: 'file' }));
    await expect(unpackImage([link], snapshotter)).rejects.toThrow(/not in it, nor below it/);
    expect(names('active')).toEqual([]);
  });
});

describe('a snapshot as a layer', () => {
  /** Changes an image as a container would, and gives the archive of what changed. */
  async function changed(parent: string | undefined): Promise<Buffer> {
    const target = path.join(scratch, 'change');
    mkdirSync(target, { recursive: true });
    mountSnapshot(await snapshotter.prepare('change', parent), target);
    rmSync(path.join(target, 'd'), { recursive: true });
    mkdirSync(path.join(target, 'd'));
    writeFileSync(path.join(target, 'd/new'), 'new');
    rmSync(path.join(target, 'gone'));
    symlinkSync('d/new', path.join(target, 's'));
    unmountAll(target);
    return Buffer.concat([...layerArchive(snapshotter.changes('change'))]);
  }

  it('unpacks to the same files, and is the same bytes each time', async () => {
    const base = layer(node('d/'), file('d/old', ''), file('gone', ''), file('stays', ''));
    const parent = await unpackImage([base], snapshotter);
    const bytes = await changed(parent);
    expect(Buffer.concat([...layerArchive(snapshotter.changes('change'))])).toEqual(bytes);
    const made = writeArchive(path.join(scratch, 'made'), bytes);
    const root = path.join(scratch, 'root');
    for (const { blob, diffId } of [base, made]) {
      await unpackLayer(blob, diffId, root, { form: 'plain' });
    }
    const found = new Set(readdirSync(root, { recursive: true, encoding: 'utf8' }));
    expect(found).toEqual(new Set(['d', 'd/new', 's', 'stays']));
    expect(execFileSync('tar', ['-tf', made.blob], { encoding: 'utf8' })).toContain('.wh.gone\n');
  });

  it('can have no file that is younger than a given time', async () => {
    const parent = await unpackImage([layer(node('d/'), file('gone', ''))], snapshotter);
    await changed(parent);
    const all = [...layerArchive(snapshotter.changes('change'), { sourceDateEpoch: 1000 })];
    const made = writeArchive(path.join(scratch, 'made'), Buffer.concat(all));
    const listed = execFileSync('tar', ['--full-time', '--utc', '-tvf', made.blob], {
      encoding: 'utf8',
    });
    expect(
      listed
        .split('\n')
        .filter(Boolean)
        .every((line) => line.includes('1970-01-01 00:16:40')),
    ).toBe(true);
  });
});

it('a full disk is said, nothing stays of the layer, and with room it goes on', async () => {
  const disk = path.join(scratch, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'coracle-test', disk]);
  try {
    const { snapshotter: small } = await openSnapshotter(path.join(disk, 'snapshots'));
    using snapshots = small;
    const layers = [
      layer(file('a', 'x'.repeat(1_000_000))),
      layer(file('b', 'y'.repeat(6_000_000))),
    ];
    await expect(unpackImage(layers, snapshots)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect([...snapshots.walk()].map(({ kind }) => kind)).toEqual(['committed']);
    execFileSync('mount', ['-o', 'remount,size=20m', disk]);
    expect(await unpackImage(layers, snapshots)).toBeDefined();
  } finally {
    execFileSync('umount', [disk]);
  }
});

it('a layer of any size takes little memory', { timeout: 120_000 * slowness }, () => {
  // 300 MB of zeros, made by the kernel and compressed on the way.
  const blob = path.join(scratch, 'big.tar.gz');
  const big = path.join(scratch, 'big');
  execFileSync('truncate', ['-s', '300M', big]);
  const digest = execFileSync(
    'sh',
    [
      '-c',
      `tar -C ${scratch} -c big | tee /dev/fd/3 3>&1 >/dev/null | sha256sum; tar -C ${scratch} -c big | gzip -1 > ${blob}`,
    ],
    { encoding: 'utf8' },
  ).slice(0, 64);
  const script = `
    import { unpackLayer } from '${path.resolve(import.meta.dirname, '../../src/image/index.ts')}';
    await unpackLayer('${blob}', 'sha256:${digest}', '${scratch}/root', { form: 'plain' });
    console.log(process.resourceUsage().maxRSS);`;
  const kilobytes = Number(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }),
  );
  expect(kilobytes).toBeLessThan(200_000);
});
