/** Exercise 05.1: the header of a file in a tar archive. */
import { ImageError } from '../errors.ts';
import type { TarHeader } from '../tar/entry.ts';

// #region exercise-05-1
/**
 * Reads one header: a block of 512 bytes. Pure. tar(5), "POSIX ustar Archives" and "GNU Tar Archives".
 *
 * | offset | length | field     |   | offset | length | field                             |
 * |--------|--------|-----------|---|--------|--------|-----------------------------------|
 * | 0      | 100    | name      |   | 156    | 1      | type flag                         |
 * | 100    | 8      | mode      |   | 157    | 100    | link name                         |
 * | 108    | 8      | uid       |   | 257    | 6      | magic: `ustar` and NUL is POSIX   |
 * | 116    | 8      | gid       |   | 329    | 8      | major                             |
 * | 124    | 12     | size      |   | 337    | 8      | minor                             |
 * | 136    | 12     | mtime     |   | 345    | 155    | prefix, of POSIX only             |
 * | 148    | 8      | checksum  |   |        |        |                                   |
 *
 * A text ends at its first NUL, or fills its field; it stays bytes, since a name need not be UTF-8.
 * A prefix that is not empty comes before the name, with a slash between. GNU tar has other things
 * at its place, and `ustar` and a space for its magic. See {@link readNumber} for numbers; an mtime
 * may be negative, nothing else. A type flag of NUL, from before there were others, is `0`, a file.
 *
 * The checksum is the sum of all 512 bytes, from 0 to 255 each, with the eight of the checksum itself
 * counted as spaces.
 *
 * @returns the header, with names of its own: the memory of `block` will hold the next one. The
 *   block may be a Buffer, whose `slice` does not copy. `undefined` for a block of zeros, which ends
 *   an archive.
 * @throws ImageError BAD_ARCHIVE if the checksum is wrong, or a number is none or negative.
 */
export function readHeader(block: Uint8Array): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  const expected = readNumber(block.subarray(148, 156), 'checksum');
  if (sum !== expected) {
    throw new ImageError(
      'BAD_ARCHIVE',
      `the checksum of a tar header is ${expected}, its bytes have ${sum}: the archive is damaged`,
    );
  }
  const name = readText(block.subarray(0, 100));
  const isPosix = Buffer.from(block.subarray(257, 263)).equals(Buffer.from('ustar\0'));
  const prefix = isPosix ? readText(block.subarray(345, 500)) : new Uint8Array();
  const typeFlag = String.fromCharCode(block[156] ?? 0);
  return {
    name: prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name,
    linkName: readText(block.subarray(157, 257)),
    typeFlag: typeFlag === '\0' ? '0' : typeFlag,
    mode: notNegative(readNumber(block.subarray(100, 108), 'mode'), 'mode'),
    uid: notNegative(readNumber(block.subarray(108, 116), 'uid'), 'uid'),
    gid: notNegative(readNumber(block.subarray(116, 124), 'gid'), 'gid'),
    size: notNegative(readNumber(block.subarray(124, 136), 'size'), 'size'),
    mtime: readNumber(block.subarray(136, 148), 'mtime'),
    major: notNegative(readNumber(block.subarray(329, 337), 'major'), 'major'),
    minor: notNegative(readNumber(block.subarray(337, 345), 'minor'), 'minor'),
  };
}

/**
 * A number of a header. Pure. tar(5), "Numeric Extensions".
 *
 * Mostly octal digits, with spaces before and after, and no other white space; what follows a NUL does
 * not count, and a field without digits is 0. `0000755`, NUL is 493, and so is two spaces, `755`, a
 * space, and two NULs.
 *
 * GNU tar writes what does not fit as binary: the first byte has its highest bit set, which is no
 * part of the number; its next bit is the sign; and all the bits from there on are the number,
 * big-endian, in two's complement. Eight bytes `80 00 00 00 00 20 00 00` are 2097152, one more than
 * seven octal digits can say, and eight bytes `ff` are -1. A field has up to 12 bytes.
 *
 * @param field what the field is called, for messages.
 * @throws ImageError BAD_ARCHIVE for anything else, and for what no number of JavaScript holds
 *   exactly (`safe`).
 */
export function readNumber(bytes: Uint8Array, field: string): number {
  const [first = 0] = bytes;
  if (first >= 0x80) {
    const digits = Uint8Array.from(bytes);
    // The marker's place is taken by the sign, so that the bytes are a plain two's complement.
    digits[0] = (first & 0x40) === 0 ? first & 0x3f : first;
    const unsigned = BigInt(`0x${Buffer.from(digits).toString('hex')}`);
    return safe(BigInt.asIntN(bytes.length * 8, unsigned), field);
  }
  const text = Buffer.from(bytes).toString('latin1').split('\0', 1)[0] ?? '';
  const octal = text.replaceAll(/^ +| +$/g, '');
  if (octal === '') return 0;
  if (/^[0-7]+$/.test(octal)) return safe(BigInt(`0o${octal}`), field);
  throw new ImageError(
    'BAD_ARCHIVE',
    `the ${field} of a tar header is ${JSON.stringify(text)}, not octal digits: it is damaged`,
  );
}

function readText(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  // Not slice: that of a Buffer is a view.
  return Uint8Array.from(bytes.subarray(0, end === -1 ? bytes.length : end));
}
// #endregion exercise-05-1

/** A field of a file that cannot be below zero. @throws ImageError BAD_ARCHIVE. */
function notNegative(value: number, field: string): number {
  if (value >= 0) return value;
  throw new ImageError('BAD_ARCHIVE', `the ${field} of a tar header is ${value}: it is hostile`);
}

/** @throws ImageError BAD_ARCHIVE beyond 2^53, where numbers have gaps. */
function safe(value: bigint, field: string): number {
  if (value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER) return Number(value);
  throw new ImageError(
    'BAD_ARCHIVE',
    `the ${field} of a tar header is ${value}: no file has that, the archive is damaged`,
  );
}
