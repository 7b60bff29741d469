/**
 * Layers from strangers (threats 16 and 17): nothing is made, changed or removed outside of the root,
 * and the error says what was wrong.
 */
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpackLayer, type LayerLimits } from '../../../src/image/index.ts';
import { overlayWhiteouts, plainWhiteouts } from '../../../src/image/layers/whiteouts.ts';
import type { LayerForm } from '../../../src/overlayfs/index.ts';
import { lgetxattr, lremovexattr } from '../../../src/sys/index.ts';
import { archive, digestOf, file, node, symlink, writeArchive } from '../tar/archive.ts';

let scratch: string;
let root: string;
let outside: string;
beforeEach(() => {
  scratch = mkdtempSync('/tmp/coracle-layer-test-');
  root = path.join(scratch, 'root');
  outside = path.join(scratch, 'outside');
  mkdirSync(outside);
  writeFileSync(path.join(outside, 'kept'), 'untouched');
});
afterEach(() => {
  // Whatever the layer tried, what is beside its root is as it was.
  expect(readdirSync(outside)).toEqual(['kept']);
  expect(readFileSync(path.join(outside, 'kept'), 'utf8')).toBe('untouched');
  rmSync(scratch, { recursive: true });
});

const unpack = (bytes: Uint8Array, form: LayerForm['form'] = 'plain', limits?: LayerLimits) => {
  const { blob, diffId } = writeArchive(path.join(scratch, 'blob'), bytes);
  return unpackLayer(blob, diffId, root, { form, ...(limits && { limits }) });
};

describe.each(['plain', 'overlay'] as const)('a %s root', (form) => {
  it.each<[string, () => Buffer[], RegExp]>([
    ['a name with ..', () => [file('../outside/kept', 'x')], /leads out of the image/],
    ['.. in the middle', () => [file('a/../../outside/kept', 'x')], /leads out of the image/],
    ['a whiteout of ..', () => [file('.wh...', '')], /hostile/],
    [
      'a hard link that leads out',
      () => [node('l', { type: 'link', linkName: '../outside/kept' })],
      /leads out/,
    ],
    ['a hard link to nothing', () => [node('l', { type: 'link', linkName: 'none' })], /not in it/],
    ['a file below a file', () => [file('a', 'x'), file('a/b', 'y')], /is no directory/],
    [
      'symlinks in a circle',
      () => [symlink('a', 'b'), symlink('b', 'a'), file('a/x', '')],
      /no directory|not in it/,
    ],
    ['a file as the root', () => [file('./', 'x', { type: 'symlink' })], /root directory/],
  ])('%s is refused', async (_, parts, message) => {
    await expect(unpack(archive(...parts()), form)).rejects.toThrow(message);
  });

  it('a symlink to the host leads into the root', async () => {
    const bytes = archive(
      node('real/'),
      symlink('up', '../../../..'),
      symlink('abs', '/real'),
      symlink('host', outside),
      file('abs/in', 'inside'),
      file('up/top', 'top'),
      node(outside.slice(1), { type: 'directory' }),
      file('host/made', 'inside too'),
    );
    await unpack(bytes, form);
    expect(readFileSync(path.join(root, 'real/in'), 'utf8')).toBe('inside');
    expect(readFileSync(path.join(root, 'top'), 'utf8')).toBe('top');
    expect(readFileSync(path.join(root, outside, 'made'), 'utf8')).toBe('inside too');
  });

  it('a file takes the place of a symlink, and does not go through it', async () => {
    await unpack(archive(symlink('f', path.join(outside, 'kept')), file('f', 'mine')), form);
    expect(readFileSync(path.join(root, 'f'), 'utf8')).toBe('mine');
  });

  it('a hard link to a symlink is one to the symlink itself', async () => {
    const link = node('l', { type: 'link', linkName: 's' });
    await unpack(archive(symlink('s', path.join(outside, 'kept')), link, file('l', 'mine')), form);
    expect(existsSync(path.join(root, 'l'))).toBe(true);
  });

  it('attributes of the overlay itself are left out', async () => {
    const xattrs = new Map([
      ['trusted.overlay.redirect', Buffer.from('/outside')],
      ['trusted.overlay.opaque', Buffer.from('y')],
      ['user.mine', Buffer.from('kept')],
    ]);
    await unpack(archive(node('d/', { xattrs })), form);
    const directory = path.join(root, 'd');
    expect(lgetxattr(directory, 'trusted.overlay.redirect')).toBeUndefined();
    expect(lgetxattr(directory, 'trusted.overlay.opaque')).toBeUndefined();
    expect(lgetxattr(directory, 'user.mine')?.toString()).toBe('kept');
  });

  it('too many files are refused', async () => {
    const parts = ['a', 'b', 'c'].map((name) => file(name, ''));
    await expect(unpack(archive(...parts), form, { entries: 2, bytes: 1e6 })).rejects.toThrow(
      /more than 2 files/,
    );
  });
});

describe('an opaque whiteout that comes again and again is looked at once', () => {
  const directory = (): { path: string; fd: number } & Disposable => {
    mkdirSync(root);
    const fd = openSync(root, 'r');
    return { path: '', fd, [Symbol.dispose]: () => closeSync(fd) };
  };

  it('on a plain root', () => {
    using opened = directory();
    const whiteouts = plainWhiteouts(new Set());
    whiteouts.opaque(opened);
    writeFileSync(path.join(root, 'seen only by who looks again'), '');
    whiteouts.opaque(opened);
    expect(readdirSync(root).length).toBe(1);
  });

  it('in an overlay', () => {
    using opened = directory();
    const whiteouts = overlayWhiteouts(false);
    whiteouts.opaque(opened);
    expect(lgetxattr(root, 'trusted.overlay.opaque')?.toString()).toBe('y');
    lremovexattr(root, 'trusted.overlay.opaque');
    whiteouts.opaque(opened);
    expect(lgetxattr(root, 'trusted.overlay.opaque')).toBeUndefined();
  });
});

it('a device 0:0 in an overlay would delete what is below, and is refused', async () => {
  const device = node('etc', { type: 'char', major: 0, minor: 0 });
  await expect(unpack(archive(device), 'overlay')).rejects.toThrow(/takes for a deleted file/);
});

it('a whiteout does not go through a symlink', async () => {
  mkdirSync(root);
  symlinkSync(outside, path.join(root, 'link'));
  await expect(unpack(archive(file('link/.wh.kept', '')))).rejects.toThrow(/not in it/);
  expect(existsSync(path.join(outside, 'kept'))).toBe(true);
});

describe('compressed', () => {
  const bytes = archive(file('big', 'x'.repeat(100_000)), file('small', 'y'));
  const diffId = digestOf(bytes);
  const write = (name: string, contents: Uint8Array): string => {
    const at = path.join(scratch, name);
    writeFileSync(at, contents);
    return at;
  };

  it.each([
    ['gzip', gzipSync(bytes)],
    [
      'gzip in two members, as estargz is',
      Buffer.concat([gzipSync(bytes.subarray(0, 700)), gzipSync(bytes.subarray(700))]),
    ],
    ['zstd', zstdCompressSync(bytes)],
    [
      'zstd in two frames',
      Buffer.concat([
        zstdCompressSync(bytes.subarray(0, 700)),
        zstdCompressSync(bytes.subarray(700)),
      ]),
    ],
    [
      'zstd after a skippable frame',
      Buffer.concat([
        Buffer.from('502a4d1804000000', 'hex'),
        Buffer.from('abcd'),
        zstdCompressSync(bytes),
      ]),
    ],
    ['nothing', bytes],
  ])('%s', async (_, blob) => {
    await unpackLayer(write('blob', blob), diffId, root, { form: 'plain' });
    expect(readFileSync(path.join(root, 'small'), 'utf8')).toBe('y');
  });

  it.each([
    ['gzip', gzipSync(bytes)],
    ['zstd', zstdCompressSync(bytes)],
  ])('%s that is cut off or damaged is refused', async (name, blob) => {
    const cut = write('cut', blob.subarray(0, blob.length - 9));
    await expect(unpackLayer(cut, diffId, root, { form: 'plain' })).rejects.toThrow(
      new RegExp(`no whole ${name} stream`),
    );
    const damaged = Buffer.from(blob);
    damaged.fill(0xff, 20, 40);
    await expect(
      unpackLayer(write('damaged', damaged), diffId, root, { form: 'plain' }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/BAD_ARCHIVE|BAD_CONTENT/) as string });
  });

  it('a bomb stops at the limit', async () => {
    const bomb = write('bomb', gzipSync(archive(file('zeros', '\0'.repeat(30_000_000)))));
    const limits = { entries: 10, bytes: 1_000_000 };
    await expect(unpackLayer(bomb, diffId, root, { form: 'plain', limits })).rejects.toThrow(
      /more than 1000000 bytes/,
    );
  });

  it('another DiffID than the config’s is refused', async () => {
    const other = digestOf(Buffer.from('other'));
    await expect(unpackLayer(write('blob', bytes), other, root, { form: 'plain' })).rejects.toThrow(
      /config has sha256:/,
    );
  });
});

it('an entry of every sort arrives as it was', async () => {
  const xattrs = new Map([['user.k', Buffer.from('a\0=')]]);
  const parts = [
    file('f', 'text', { mode: 0o4755, uid: 7, gid: 8, xattrs, mtime: 1_234_567_890_123_456_789n }),
    node('d/', { mode: 0o1777, mtime: -5_000_000_000n }),
    file('d/in', ''),
    symlink('s', 'no/where'),
    node('h', { type: 'link', linkName: 'f' }),
    node('p', { type: 'fifo', mode: 0o600 }),
    node('c', { type: 'char', major: 1, minor: 3, mode: 0o666 }),
  ];
  await unpack(archive(...parts));
  const stat = (name: string) => lstatSync(path.join(root, name), { bigint: true });
  expect(stat('f')).toMatchObject({
    uid: 7n,
    gid: 8n,
    mtimeNs: 1_234_567_890_123_456_789n,
    nlink: 2n,
  });
  expect(Number(stat('f').mode) & 0o7777).toBe(0o4755);
  expect(stat('d').mtimeNs).toBe(-5_000_000_000n);
  expect(Number(stat('d').mode) & 0o7777).toBe(0o1777);
  expect(stat('p').isFIFO()).toBe(true);
  expect(stat('c').rdev).toBe(0x103n);
  expect(lgetxattr(path.join(root, 'h'), 'user.k')?.toString()).toBe('a\0=');
});
