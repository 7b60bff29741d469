/**
 * The other way: the changes of a snapshot as the archive of a layer (layer.md, "Representing
 * Changes"). The same files give the same bytes.
 */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  type BigIntStats,
} from 'node:fs';
import {
  decodeName,
  encodePath,
  imageAttributes,
  ociEntries,
  type Change,
} from '../../overlayfs/index.ts';
import { lgetxattr } from '../../sys/index.ts';
import { ImageError } from '../errors.ts';
import type { EntryType, TarEntry } from '../tar/entry.ts';
import { encodeHeader, END_OF_ARCHIVE, paddingAfter } from '../tar/writer.ts';

/** Bytes read at a time. */
const CHUNK = 1 << 20;

/** How a layer is to be written. */
export interface DiffOptions {
  /** Seconds since 1970: no file is younger, and whiteouts are of that time (SOURCE_DATE_EPOCH). */
  readonly sourceDateEpoch?: number;
}

/**
 * The archive of a list of changes, piece by piece.
 *
 * Sockets are left out, as by all engines: they mean nothing without the process that made them.
 *
 * @throws OverlayError for a file whose name says "deleted"; ImageError if a file changes its size
 *   meanwhile.
 */
export function* layerArchive(
  changes: Iterable<Change>,
  { sourceDateEpoch }: DiffOptions = {},
): Generator<Buffer> {
  const latest = sourceDateEpoch === undefined ? undefined : BigInt(sourceDateEpoch) * BILLION;
  for (const entry of ociEntries(changes)) {
    if (entry.kind === 'whiteout') {
      yield encodeHeader(whiteout(entry.path, latest ?? 0n));
    } else {
      yield* content(entry.path, entry.change, latest);
    }
  }
  yield END_OF_ARCHIVE;
}

const BILLION = 1_000_000_000n;

function whiteout(name: string, mtime: bigint): TarEntry {
  return { name, ...PLAIN, type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime };
}

const PLAIN = { linkName: '', major: 0, minor: 0, xattrs: new Map<string, Uint8Array>() } as const;

function* content(name: string, change: Change, latest: bigint | undefined): Generator<Buffer> {
  const { stats, source, linkTo } = change;
  const type = stats === undefined ? undefined : typeOf(stats, linkTo);
  if (stats === undefined || source === undefined || type === undefined) return;
  const entry: TarEntry = {
    name,
    type,
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    size: type === 'file' ? Number(stats.size) : 0,
    mtime: latest !== undefined && stats.mtimeNs > latest ? latest : stats.mtimeNs,
    linkName: linkName(type, source, linkTo),
    ...deviceOf(type, stats),
    xattrs: type === 'link' ? new Map() : attributes(source),
  };
  yield encodeHeader(entry);
  if (type === 'file' && entry.size > 0) yield* data(source, entry.size);
}

/** As many bytes as the header has announced. */
function* data(source: string, size: number): Generator<Buffer> {
  const fd = openSync(encodePath(source), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    for (let at = 0; at < size;) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size - at));
      const read = readSync(fd, chunk, 0, chunk.length, at);
      if (read === 0) throw changed(source, size, Number(fstatSync(fd).size));
      yield chunk.subarray(0, read);
      at += read;
    }
  } finally {
    closeSync(fd);
  }
  const padding = paddingAfter(size);
  if (padding > 0) yield Buffer.alloc(padding);
}

function changed(source: string, before: number, now: number): ImageError {
  return new ImageError(
    'FAILED_PRECONDITION',
    `${source} had ${before} bytes and now has ${now}: stop or pause what writes to it, and again`,
  );
}

/** `undefined` for a socket. */
function typeOf(stats: BigIntStats, linkTo: string | undefined): EntryType | undefined {
  if (linkTo !== undefined) return 'link';
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isCharacterDevice()) return 'char';
  return stats.isBlockDevice() ? 'block' : undefined;
}

function linkName(type: EntryType, source: string, linkTo: string | undefined): string {
  if (linkTo !== undefined) return linkTo;
  if (type !== 'symlink') return '';
  return decodeName(readlinkSync(encodePath(source), { encoding: 'buffer' }));
}

function attributes(source: string): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const name of imageAttributes(source)) {
    const value = lgetxattr(encodePath(source), name);
    if (value !== undefined) found.set(name, value);
  }
  return found;
}

/** gnu_dev_major(3), gnu_dev_minor(3). */
function deviceOf(type: EntryType, { rdev }: BigIntStats): { major: number; minor: number } {
  if (type !== 'char' && type !== 'block') return { major: 0, minor: 0 };
  const device = Number(rdev);
  return { major: (device >>> 8) & 0xfff, minor: (device & 0xff) | ((device >>> 12) & 0xfff00) };
}
