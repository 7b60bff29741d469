/**
 * JSON text that keeps every digit of a 64-bit integer (see integers.ts).
 *
 * Only a text that contains sixteen digits in a row can hold an integer that a `number` rounds, so
 * nearly every text takes the fast way.
 */

/**
 * `JSON.parse`, but an integer outside the safe range becomes a `bigint`.
 *
 * Throws `SyntaxError`, as `JSON.parse` does.
 */
export function parseExactJson(source: string): unknown {
  if (!/[0-9]{16}/.test(source)) return JSON.parse(source);
  return JSON.parse(source, exactInteger);
}

/** `JSON.stringify` for values that `parseExactJson` may have made. */
export function stringifyExactJson(value: unknown, indent?: string | number): string {
  return JSON.stringify(value, rawInteger, indent);
}

function exactInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return /^-?[0-9]+$/.test(source) ? BigInt(source) : value;
}

/** JSON.rawJSON puts the digits into the text as they are; TypeScript's library lacks its type. */
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };

function rawInteger(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? rawJSON(String(value)) : value;
}
