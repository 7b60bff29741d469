/** Archives for tests: entries of ours, or bytes that no honest program writes. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Digest } from '../../../src/oci/index.ts';
import { TarReader, type TarEntry } from '../../../src/image/index.ts';
import { encodeHeader, END_OF_ARCHIVE, paddingAfter } from '../../../src/image/tar/writer.ts';

/** An entry with what a test does not care about filled in. */
export function entry(name: string, rest: Partial<TarEntry> = {}): TarEntry {
  return {
    name,
    type: name.endsWith('/') ? 'directory' : 'file',
    mode: name.endsWith('/') ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    size: 0,
    mtime: 1_000_000_000_000_000_000n,
    linkName: '',
    major: 0,
    minor: 0,
    xattrs: new Map(),
    ...rest,
  };
}

/** A file with these contents. */
export function file(
  name: string,
  contents: string | Uint8Array,
  rest: Partial<TarEntry> = {},
): Buffer {
  const data = Buffer.from(contents as string);
  const padding = Buffer.alloc(paddingAfter(data.length));
  return Buffer.concat([encodeHeader(entry(name, { size: data.length, ...rest })), data, padding]);
}

/** Anything else. */
export function node(name: string, rest: Partial<TarEntry> = {}): Buffer {
  return encodeHeader(entry(name, rest));
}

export function symlink(name: string, linkName: string): Buffer {
  return node(name, { type: 'symlink', linkName, mode: 0o777 });
}

export function archive(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([...parts, END_OF_ARCHIVE]);
}

/** Writes an archive to a file, and tells its digest. */
export function writeArchive(at: string, bytes: Uint8Array): { blob: string; diffId: Digest } {
  writeFileSync(at, bytes);
  return { blob: at, diffId: digestOf(bytes) };
}

export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Gives a header its right checksum after a test has changed it. */
export function withChecksum(block: Buffer): Buffer {
  block.fill(' ', 148, 156);
  const sum = block.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** What a reader tells about an archive that comes in pieces of `size` bytes. */
export function readAll(
  bytes: Uint8Array,
  size = bytes.length,
): { entry: TarEntry; data: Buffer }[] {
  const found: { entry: TarEntry; data: Buffer }[] = [];
  const reader = new TarReader({
    entry: (each) => found.push({ entry: each, data: Buffer.alloc(0) }),
    data(piece) {
      const last = found.at(-1);
      if (last !== undefined) last.data = Buffer.concat([last.data, piece]);
    },
    end: () => {},
  });
  // Every piece is in the same memory, as it is where a file is read.
  const memory = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    memory.set(piece);
    reader.write(memory.subarray(0, piece.length));
    memory.fill('x');
  }
  reader.finish();
  return found;
}
