/**
 * Sparse files of GNU tar ("Storing Sparse Files" of its manual): the archive holds the data alone,
 * and a map says where each piece of it belongs.
 *
 * | form     | where the map is                                                             |
 * |----------|------------------------------------------------------------------------------|
 * | old GNU  | type `S`: four extents in the header, 21 in each block that follows it       |
 * | pax 0.1  | the record `GNU.sparse.map`: `offset,length,offset,length`                   |
 * | pax 1.0  | before the data: `count`, then `offset` and `length`, one a line, in blocks  |
 */
import { readNumber } from '#parts/image/tar-header.ts';
import { ImageError } from '../errors.ts';
import { numberOf, type Extensions } from './combine.ts';
import { BLOCK, type Extent } from './entry.ts';
import type { Parser } from './parser.ts';

/** What is known of a sparse file once its map is read. */
export interface SparseFile {
  readonly extents: readonly Extent[];
  /** Bytes of the file, holes included. */
  readonly size: number;
  /** Bytes of its data that follow. */
  readonly stored: number;
}

/** No file has more pieces; each takes memory here. */
const MAX_EXTENTS = 100_000;

/**
 * Reads the map of the file whose header was read last, if it is sparse.
 *
 * @param block the header itself.
 * @param stored bytes that the header announces.
 */
export function* readSparse(
  block: Uint8Array,
  typeFlag: string,
  extensions: Extensions,
  stored: number,
): Parser<SparseFile | undefined> {
  const { records } = extensions;
  if (typeFlag === 'S') {
    const size = readNumber(block.subarray(483, 495), 'real size');
    return checked({ extents: yield* readBlocks(block), size, stored });
  }
  const size =
    numberOf(extensions, 'GNU.sparse.realsize') ?? numberOf(extensions, 'GNU.sparse.size');
  const record = records.get('GNU.sparse.map');
  if (record !== undefined) {
    return checked({ extents: pairs(text(record).split(',')), size: size ?? 0, stored });
  }
  if (numberOf(extensions, 'GNU.sparse.major') === 1) {
    const { extents, blocks } = yield* readText(stored);
    return checked({ extents, size: size ?? 0, stored: stored - blocks * BLOCK });
  }
  if (!records.has('GNU.sparse.numblocks')) return undefined;
  throw damaged('it is of the form 0.0; make it anew with tar --sparse-version=1.0');
}

function* readBlocks(header: Uint8Array): Parser<Extent[]> {
  const extents: Extent[] = [];
  addExtents(extents, header.subarray(386, 386 + 4 * 24));
  for (let more = header[482]; more !== undefined && more !== 0;) {
    const block = yield { count: BLOCK, whole: true };
    addExtents(extents, block.subarray(0, 21 * 24));
    more = block[504];
  }
  return extents;
}

function* readText(stored: number): Parser<{ extents: Extent[]; blocks: number }> {
  let lines: string[] = [];
  let rest = '';
  for (let blocks = 1; blocks * BLOCK <= stored; blocks++) {
    const all = (rest + text(yield { count: BLOCK, whole: true })).split('\n');
    rest = all.pop() ?? '';
    lines = lines.concat(all);
    const count = lines[0] === undefined ? MAX_EXTENTS : decimal(lines[0]);
    if (count > MAX_EXTENTS) throw tooMany();
    if (lines.length > count * 2) return { extents: pairs(lines.slice(1, 1 + count * 2)), blocks };
  }
  throw damaged('its map does not end');
}

function addExtents(extents: Extent[], bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length && bytes[at] !== 0; at += 24) {
    const offset = readNumber(bytes.subarray(at, at + 12), 'sparse offset');
    const length = readNumber(bytes.subarray(at + 12, at + 24), 'sparse length');
    if (extents.push({ offset, length }) > MAX_EXTENTS) throw tooMany();
  }
}

function pairs(numbers: readonly string[]): Extent[] {
  if (numbers.length > MAX_EXTENTS * 2) throw tooMany();
  const extents: Extent[] = [];
  for (let at = 0; at + 1 < numbers.length; at += 2) {
    extents.push({ offset: decimal(numbers[at]), length: decimal(numbers[at + 1]) });
  }
  return extents;
}

/** Pieces follow each other, lie within the file, and together are what is stored. */
function checked(file: SparseFile): SparseFile {
  let end = 0;
  let total = 0;
  for (const { offset, length } of file.extents) {
    if (offset < end || length < 0) throw damaged('its pieces overlap');
    end = offset + length;
    total += length;
  }
  if (end > file.size) throw damaged('its pieces go beyond its end');
  if (total === file.stored) return file;
  throw damaged(`its pieces have ${total} bytes, and the archive has ${file.stored} of them`);
}

function decimal(digits: string | undefined): number {
  if (digits !== undefined && /^[0-9]{1,15}$/.test(digits)) return Number(digits);
  throw damaged(`${JSON.stringify((digits ?? '').slice(0, 20))} in its map is no number`);
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function damaged(how: string): ImageError {
  return new ImageError('BAD_ARCHIVE', `the archive has a sparse file that cannot be read: ${how}`);
}

function tooMany(): ImageError {
  return new ImageError('TOO_LARGE', `a sparse file has more than ${MAX_EXTENTS} pieces`);
}
