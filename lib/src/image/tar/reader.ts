/**
 * Reads a tar archive as it comes, piece by piece, in constant memory.
 *
 *     write(bytes) … write(bytes) ─▶ handler.entry, data*, end ─▶ … ─▶ finish()
 *
 * Why our own: the archives are hostile and must be read byte for byte (names that are not UTF-8,
 * sparse files, attributes with NUL bytes), which the libraries do not do; and it is taught.
 */
import { readRecords } from '#parts/image/pax.ts';
import { readHeader } from '#parts/image/tar-header.ts';
import { ImageError } from '../errors.ts';
import { addRecords, combine, storedSize, type Extensions } from './combine.ts';
import { BLOCK, type TarEntry, type TarHeader } from './entry.ts';
import { Feeder, type Parser } from './parser.ts';
import { readSparse } from './sparse.ts';

/** Told what is in the archive, in its order. */
export interface TarHandler {
  /** A file, before its data. */
  entry(entry: TarEntry): void;
  /** A piece of the entry's bytes as they are stored: of a sparse file its extents, one by one. */
  data(bytes: Uint8Array): void;
  /** After the file's data. */
  end(): void;
}

/** No extended header is larger, in bytes: all attributes of a file fit into 64 KiB. */
const MAX_EXTENSION = 1 << 20;

/** Reads one archive; see the head of this file. */
export class TarReader {
  readonly #feeder: Feeder;

  constructor(handler: TarHandler) {
    this.#feeder = new Feeder(archive(handler));
  }

  /** Reads on. @throws ImageError BAD_ARCHIVE, TOO_LARGE; whatever the handler throws. */
  write(bytes: Uint8Array): void {
    this.#feeder.write(bytes);
  }

  /** The archive is over. @throws ImageError BAD_ARCHIVE if it stopped in the middle. */
  finish(): void {
    if (this.#feeder.mayEnd) return;
    throw new ImageError('BAD_ARCHIVE', 'the archive ends in the middle: fetch it again');
  }
}

/** A file's header, read, and as it stands: sparse files have fields of their own in it. */
interface FileHeader {
  readonly header: TarHeader;
  readonly block: Uint8Array;
}

/** Global records hold for all files that follow. */
function* archive(handler: TarHandler): Parser<void> {
  const globals: Extensions = { records: new Map() };
  for (;;) {
    const extensions: Extensions = { records: new Map(globals.records) };
    const found = yield* fileHeader(extensions, globals);
    if (found === undefined) return;
    yield* file(found, extensions, handler);
  }
}

/** Reads up to the next header that is a file's, and gathers what the others say about it. */
function* fileHeader(own: Extensions, globals: Extensions): Parser<FileHeader | undefined> {
  for (;;) {
    const block = yield { count: BLOCK, whole: true, mayEnd: true };
    const header = readHeader(block);
    if (header === undefined) return yield* endOfArchive();
    switch (header.typeFlag) {
      case 'x':
        addRecords(own, readRecords(yield* contents(header)));
        break;
      case 'g': {
        const records = readRecords(yield* contents(header));
        addRecords(globals, records);
        addRecords(own, records);
        break;
      }
      case 'L':
        own.longName = withoutNul(yield* contents(header));
        break;
      case 'K':
        own.longLink = withoutNul(yield* contents(header));
        break;
      default:
        return { header, block: Uint8Array.from(block) };
    }
  }
}

function* file(
  { header, block }: FileHeader,
  extensions: Extensions,
  handler: TarHandler,
): Parser<void> {
  const announced = storedSize(header, extensions);
  const sparse = yield* readSparse(block, header.typeFlag, extensions, announced);
  const stored = sparse?.stored ?? announced;
  handler.entry(combine(header, extensions, sparse));
  for (let left = stored; left > 0;) {
    const bytes = yield { count: left, whole: false };
    left -= bytes.length;
    handler.data(bytes);
  }
  handler.end();
  const padding = paddingAfter(stored);
  if (padding > 0) yield { count: padding, whole: true };
}

/** What an extended header holds. */
function* contents({ size, typeFlag }: TarHeader): Parser<Uint8Array> {
  if (size > MAX_EXTENSION) {
    const message = `an extended header (type ${typeFlag}) of the archive has ${size} bytes`;
    throw new ImageError('TOO_LARGE', `${message}, more than ${MAX_EXTENSION}: do not use it`);
  }
  if (size === 0) return new Uint8Array();
  const bytes = yield { count: size + paddingAfter(size), whole: true };
  return Uint8Array.from(bytes.subarray(0, size));
}

/** An archive ends with two blocks of zeros; some writers make only one. */
function* endOfArchive(): Parser<undefined> {
  const second = yield { count: BLOCK, whole: true, mayEnd: true };
  if (second.every((byte) => byte === 0)) return undefined;
  throw new ImageError('BAD_ARCHIVE', 'the archive goes on after its end: do not use it');
}

/** Bytes up to the next whole block. */
function paddingAfter(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function withoutNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}
