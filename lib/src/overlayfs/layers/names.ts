/**
 * File names, which are bytes, as strings.
 *
 * A name that is UTF-8 is that string. In any other name each byte from 0x80 on becomes a lone
 * surrogate, U+DC80 to U+DCFF, which no UTF-8 text contains: `encodePath` gives the bytes back.
 */
import { readdirSync } from 'node:fs';

/** A name or path as a string; never loses a byte. */
export function decodeName(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\uFFFD') || Buffer.from(text).equals(bytes)) return text;
  return Array.from(bytes, (byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join(
    '',
  );
}

/** A path for a call: the string itself, or bytes where it is not UTF-8. */
export function encodePath(path: string): string | Buffer {
  if (path.isWellFormed()) return path;
  const parts = path.split(/([\uDC80-\uDCFF]+)/u);
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 0 ? Buffer.from(part) : surrogateBytes(part))),
  );
}

/** The names in a directory, sorted, so that every list of changes has one order. */
export function listNames(directory: string): string[] {
  const names = readdirSync(encodePath(directory), { encoding: 'utf8' });
  const exact = names.some((name) => name.includes('\uFFFD'))
    ? readdirSync(encodePath(directory), { encoding: 'buffer' }).map(decodeName)
    : names;
  return exact.toSorted();
}

function surrogateBytes(surrogates: string): Buffer {
  return Buffer.from(surrogates.split('').map((unit) => unit.charCodeAt(0) - 0xdc00));
}
