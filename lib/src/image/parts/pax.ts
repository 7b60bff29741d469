/** Exercise 05.2: the extended headers of a tar archive. */
import { isUtf8 } from 'node:buffer';
import { ImageError } from '../errors.ts';

// #region exercise-05-2
/**
 * Reads the records of an extended header. Pure. pax(1), "pax Extended Header"; tar(5), "Pax
 * Interchange Format".
 *
 *     LENGTH SPACE KEYWORD = VALUE NEWLINE
 *
 * LENGTH is decimal and counts the whole record in bytes, from its own first digit to the newline:
 * `13 size=1234` and a newline. So values are bytes, and may hold newlines, `=` and NULs. KEYWORD is
 * UTF-8 text and goes to the first `=` after the space; it is never empty, a value may be. The next
 * record begins right after the newline. Of a keyword that comes twice, the last counts.
 *
 * @returns the values by keyword, in memory of their own: that of `bytes` will be used again. It may be
 *   a Buffer, whose `slice` does not copy.
 * @throws ImageError BAD_ARCHIVE for a length that is no decimal number of at most 15 digits, is too
 *   short for its own record, or longer than what is left; for a record without `=`, without
 *   keyword, or without newline at its end; and for a keyword that is not UTF-8, since decoding makes
 *   one of several different ones (`isUtf8` tells).
 */
export function readRecords(bytes: Uint8Array): Map<string, Uint8Array> {
  const records = new Map<string, Uint8Array>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    // No record is so long that its length has more digits; a search for the space stays short.
    const digits = Buffer.from(bytes.subarray(at, Math.min(space, at + 16))).toString('latin1');
    const length = /^[0-9]+$/.test(digits) && space - at < 16 ? Number(digits) : 0;
    const end = at + length;
    const equals = bytes.indexOf(0x3d, space);
    const fits = space < equals - 1 && equals < end && end <= bytes.length;
    const keyword = bytes.subarray(space + 1, equals);
    if (space === -1 || !fits || bytes[end - 1] !== 0x0a || !isUtf8(keyword)) {
      throw new ImageError(
        'BAD_ARCHIVE',
        `byte ${at} of an extended tar header begins no record: the archive is damaged`,
      );
    }
    const value = Uint8Array.from(bytes.subarray(equals + 1, end - 1));
    records.set(Buffer.from(keyword).toString(), value);
    at = end;
  }
  return records;
}

/**
 * A time of an extended header: seconds since 1970, such as `1700000000.25` or `-1.5`. Pure.
 *
 * A minus if it is before 1970, then 1 to 18 digits; then there may be a point, and after it up to 64
 * digits, or no digit at all (`5.`). Digits beyond nanoseconds are cut off.
 *
 * @returns nanoseconds since 1970, exactly: a number of JavaScript has not the digits for it, so it is
 *   a bigint. `-1.5` is -1500000000n.
 * @throws ImageError BAD_ARCHIVE for anything else.
 */
export function readTime(text: string): bigint {
  const match = /^(-?)([0-9]{1,18})(?:\.([0-9]{0,64}))?$/.exec(text);
  if (match === null) {
    const shown = JSON.stringify(text.slice(0, 40));
    throw new ImageError('BAD_ARCHIVE', `${shown} in a tar header is no time: it is damaged`);
  }
  const [, sign = '', seconds = '0', fraction = ''] = match;
  const nanoseconds =
    BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9));
  return sign === '-' ? -nanoseconds : nanoseconds;
}
// #endregion exercise-05-2
