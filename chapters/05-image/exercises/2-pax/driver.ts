/** Calls the learner's function, and returns what a report can show. */
import type { readRecords } from 'coracle/image';
import { wordsOf } from '../words.ts';

interface Learner {
  readonly readRecords: typeof readRecords;
}

/** Keyword and value, a value in words. */
export function records({ readRecords: read }: Learner, bytes: Uint8Array): unknown {
  return inWords(read(bytes));
}

/** The same of a Buffer, which then is used for something else. */
export function later({ readRecords: read }: Learner, bytes: Uint8Array): unknown {
  const buffer = Buffer.from(bytes);
  const found = read(buffer);
  buffer.fill('x');
  return inWords(found);
}

function inWords(found: unknown): unknown {
  if (!(found instanceof Map)) return found;
  return [...found].map(([keyword, value]: [unknown, unknown]) => [
    keyword,
    value instanceof Uint8Array ? wordsOf(value) : `no Uint8Array, but of the type ${typeof value}`,
  ]);
}
