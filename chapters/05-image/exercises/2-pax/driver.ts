/** Calls the learner's function, and returns what a report can show. */
import type { readRecords } from 'coracle/image';

interface Learner {
  readonly readRecords: typeof readRecords;
}

/** Keyword and value, a value as text with one character a byte. */
export function records({ readRecords: read }: Learner, bytes: Uint8Array): unknown {
  const found: unknown = read(bytes);
  if (!(found instanceof Map)) return found;
  return [...found].map(([keyword, value]: [unknown, unknown]) => [
    keyword,
    value instanceof Uint8Array
      ? Buffer.from(value).toString('latin1')
      : `no Uint8Array, but of the type ${typeof value}`,
  ]);
}
