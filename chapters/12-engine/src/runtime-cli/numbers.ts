/** Numbers as Go's command lines write them. Each parser answers `undefined` for anything else. */

/** A whole number: decimal, `0x…`, `0o…`, `0b…`, or octal after a `0`. */
export function parseWhole(text: string): number | undefined {
  const match = /^([+-]?)(0x[0-9a-f]+|0o[0-7]+|0b[01]+|0[0-7]*|[1-9][0-9]*)$/i.exec(text);
  if (match === null) return undefined;
  const [, sign = '', digits = ''] = match;
  const octal = /^0[0-7]+$/.test(digits);
  const size = Number(octal ? `0o${digits.slice(1)}` : digits);
  if (!Number.isSafeInteger(size)) return undefined;
  return sign === '-' && size !== 0 ? -size : size;
}

/** Milliseconds of a duration such as `5s`, `1m30s`, `1.5h` or `250ms` (Go's time.ParseDuration). */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const match = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/.exec(text);
  if (match === null) return undefined;
  const [, sign, parts = ''] = match;
  const total = [...parts.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)]
    .map(([, count, unit = 's']) => Number(count) * (MILLISECONDS[unit] ?? 0))
    .reduce((sum, part) => sum + part, 0);
  return sign === '-' ? -total : total;
}

const MILLISECONDS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 36e5,
};

/** A decimal number of 64 bits, exact. */
export function parseLong(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** Bytes of a size such as `512m`, `1.5GiB` or `1024`: base 1024, as docker's memory flags. */
export function parseBytes(text: string): bigint | undefined {
  const match = /^(\d+(?:\.\d+)?) ?(?:([kmgtp])i?)?b?$/i.exec(text);
  if (match === null) return undefined;
  const [, count = '0', unit = ''] = match;
  const factor = 1024 ** ' kmgtp'.indexOf(unit.toLowerCase() || ' ');
  return BigInt(Math.trunc(Number(count) * factor));
}
