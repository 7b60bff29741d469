/** Bytes as a report shows them. */
import { isUtf8 } from 'node:buffer';
import { named, show } from '../../../tests/grader/attempt.ts';

/** UTF-8 as text; in what is none, each byte above ASCII as `\xe9`. */
export function wordsOf(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return Buffer.from(bytes).toString();
  const text = Buffer.from(bytes).toString('latin1');
  return text.replaceAll(/[\u{80}-\u{ff}]/gu, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

/** The same between quotes, and control characters as in source text. */
export function quoted(bytes: Uint8Array): string {
  return oneBackslash(JSON.stringify(wordsOf(bytes))).replaceAll(
    String.raw`\u0000`,
    String.raw`\0`,
  );
}

/** A value with {@link wordsOf} in it, which a report shows without a second backslash. */
export function inWords(value: unknown): ReturnType<typeof named> {
  return named(oneBackslash(show(value)), value);
}

function oneBackslash(text: string): string {
  return text.replaceAll('\\\\', '\\');
}
