/**
 * The same images, unpacked by Coracle and by umoci: the trees are compared file by file.
 *
 * In a directory that a layer puts something into without having it, umoci changes the time, and an
 * overlay shows that of the layer below: there, times are not compared.
 */
import { execFileSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { parseManifest, parseImageConfig, type Digest } from 'coracle/oci';
import { openSnapshotter, mountSnapshot, unmountAll } from 'coracle/overlayfs';
import { lsetxattr, mknodat, S_IFIFO } from 'coracle/sys';
import { unpackImage, type LayerSource } from 'coracle/image';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeTree } from '../helpers/file-tree.ts';

const scratch = mkdtempSync('/tmp/coracle-unpack-interop-');
const layout = path.join(scratch, 'layout');
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

beforeAll(() => {
  execFileSync('umoci', ['init', '--layout', layout]);
});

describe('layers that delete, hide, link and pass through what is below', () => {
  beforeAll(() => makeImage('odd', oddLayers()));
  compare('odd', new Set(['keep', 'keep/inner', 'opt', 'opt/sub', 'usr/lib']));
});

describe('forty layers', () => {
  beforeAll(() => makeImage('forty', fortyLayers()));
  compare('forty', new Set(['', 'd']));
});

/** The provided machine has no network. */
const offline = existsSync('/opt/coracle');

describe.skipIf(offline)('Debian, as debootstrap makes it', () => {
  beforeAll(() => makeImage('debian', [debian()]), 600_000);
  compare('debian');
});

/** Three ways: side by side on overlays, one after the other on copies, and umoci's. */
function compare(tag: string, without?: ReadonlySet<string>): void {
  let expected: string[];
  beforeAll(() => {
    const bundle = path.join(scratch, `${tag}-umoci`);
    execFileSync('umoci', ['unpack', '--image', `${layout}:${tag}`, bundle], { stdio: 'pipe' });
    expected = describeTree(path.join(bundle, 'rootfs'), without);
    expect(expected.length).toBeGreaterThan(5);
  }, 120_000);

  it.each(['overlay', 'native'] as const)(
    'by the %s driver',
    { timeout: 120_000 },
    async (driver) => {
      const root = path.join(scratch, `${tag}-${driver}`);
      const { snapshotter } = await openSnapshotter(root, { driver });
      using snapshots = snapshotter;
      const top = await unpackImage(layersOf(tag), snapshots);
      const mounts = await snapshots.view('look', top);
      const target = path.join(scratch, 'mounted');
      mkdirSync(target, { recursive: true });
      mountSnapshot(mounts, target);
      try {
        expect(describeTree(target, without)).toEqual(expected);
      } finally {
        unmountAll(target);
      }
    },
  );
}

type Make = (layer: string) => readonly string[];

/** Each `make` fills a folder, and names what of it goes into the archive. */
function makeImage(tag: string, layers: readonly Make[]): void {
  const image = `${layout}:${tag}`;
  execFileSync('umoci', ['new', '--image', image]);
  for (const [index, make] of layers.entries()) {
    const layer = path.join(scratch, `${tag}-${index}`);
    mkdirSync(layer);
    const names = make(layer);
    const archive = `${layer}.tar`;
    const options = ['--numeric-owner', '--xattrs', '--xattrs-include=*', '-S', '--format=pax'];
    execFileSync('tar', ['-C', layer, ...options, '-cf', archive, ...names]);
    execFileSync('umoci', ['raw', 'add-layer', '--image', image, archive]);
    rmSync(layer, { recursive: true });
    rmSync(archive);
  }
}

function oddLayers(): Make[] {
  return [
    (at) => {
      const file = maker(at);
      for (const name of [
        'etc/a',
        'etc/b',
        'usr/lib/libc',
        'opt/sub/z',
        'opt/sub/deep/y',
        'var/q',
      ]) {
        file(name, name);
      }
      symlinkSync('usr/lib', path.join(at, 'lib'));
      mkdirSync(path.join(at, 'keep'));
      chownSync(path.join(at, 'keep'), 7, 8);
      chmodSync(path.join(at, 'keep'), 0o1750);
      for (const name of ['etc', 'keep', 'var'])
        utimesSync(path.join(at, name), 1e9, 981173106.789);
      return ['.'];
    },
    (at) => {
      const file = maker(at);
      const names = ['etc/.wh.a', 'opt/sub/.wh..wh..opq', 'opt/sub/new', 'keep/inner/k'];
      for (const name of names) file(name, name);
      return names;
    },
    (at) => {
      maker(at)('lib/libd', 'through a symlink of the layer below');
      return ['lib/libd'];
    },
    (at) => {
      const file = maker(at);
      file('.wh.opt', '');
      file('opt/fresh', 'after the whiteout');
      file('var/h', 'two names');
      linkSync(path.join(at, 'var/h'), path.join(at, 'var/h2'));
      lsetxattr(path.join(at, 'var/h'), 'user.key', Buffer.from('a\0b='));
      mknodat(path.join(at, 'fifo'), S_IFIFO | 0o640);
      file('sparse', 'x');
      truncateSync(path.join(at, 'sparse'), 3_000_000);
      file('setuid', 'x');
      chmodSync(path.join(at, 'setuid'), 0o4755);
      lsetxattr(
        path.join(at, 'setuid'),
        'security.capability',
        Buffer.from('0100000200200000000000000000000000000000', 'hex'),
      );
      return ['.wh.opt', 'opt', 'var', 'fifo', 'sparse', 'setuid'];
    },
  ];
}

function fortyLayers(): Make[] {
  return Array.from({ length: 40 }, (_, index) => (at: string) => {
    const file = maker(at);
    file(`d/own-${index}`, String(index));
    file('d/all', `the last is 39, this is ${index}`);
    if (index === 0 || index % 3 !== 0) return ['d'];
    file(`d/.wh.own-${index - 1}`, '');
    return ['d'];
  });
}

/** A minimal Debian from the archive that apt knows. */
function debian(): Make {
  return (at) => {
    execFileSync('debootstrap', ['--variant=minbase', 'bookworm', at], { stdio: 'pipe' });
    return ['.'];
  };
}

function maker(root: string): (name: string, contents: string) => void {
  return (name, contents) => {
    const at = path.join(root, name);
    mkdirSync(path.dirname(at), { recursive: true });
    writeFileSync(at, contents);
  };
}

function layersOf(tag: string): LayerSource[] {
  const index = JSON.parse(readFileSync(path.join(layout, 'index.json'), 'utf8')) as {
    manifests: { digest: Digest; mediaType: string; annotations: Record<string, string> }[];
  };
  const found = index.manifests.find(
    ({ annotations }) => annotations['org.opencontainers.image.ref.name'] === tag,
  );
  if (found === undefined) throw new Error(`${tag} is not in the layout`);
  const text = (digest: Digest): string => readFileSync(blobOf(digest), 'utf8');
  const document = parseManifest(text(found.digest), found.mediaType, found.digest);
  if (document.kind !== 'manifest') throw new Error(`${tag} is an index`);
  const { layers, config } = document.manifest;
  const diffIds = parseImageConfig(text(config.digest), config.digest).rootfs.diff_ids;
  return layers.map(({ digest }, layer) => {
    const diffId = diffIds[layer];
    if (diffId === undefined) throw new Error(`layer ${layer} has no DiffID`);
    return { blob: blobOf(digest), diffId };
  });
}

function blobOf(digest: Digest): string {
  return path.join(layout, 'blobs', digest.replace(':', '/'));
}
