/**
 * The walk over the schemas, held against ajv: both read the same schemas, so for every way of
 * breaking a config they must point at the same places and name the same words.
 */
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { checkSchema } from '../../src/oci/schema/check.ts';
import { configSchema } from '../../src/oci/schema/config.ts';
import { inRange } from '../../src/oci/schema/ranges.ts';
import type { RangeName } from '../../src/oci/schema/ranges.ts';
import { completeConfig } from './complete.ts';

const ajv = new Ajv({ allErrors: true, strict: true });
ajv.addKeyword({
  keyword: 'integer',
  schemaType: 'string',
  validate: (range: RangeName, value: unknown) => inRange(value, range),
});
const byAjv = ajv.compile(configSchema);

/** What ajv says, sorted. It also looks for a value of the wrong type among the names; we do not. */
function ajvSays(value: unknown): string[] {
  byAjv(value);
  const found = (byAjv.errors ?? []).map(({ instancePath, keyword, params }) => {
    const missing = params['missingProperty'] as string | undefined;
    return `${keyword} ${instancePath}${missing === undefined ? '' : `/${missing}`}`;
  });
  const types = found.filter((line) => line.startsWith('type '));
  const names = types.map((line) => line.replace('type', 'enum'));
  return found.filter((line) => !names.includes(line)).toSorted();
}

/** What the walk says, sorted. */
function weSay(value: unknown): string[] {
  const found = checkSchema(configSchema, value);
  return found.map(({ keyword, pointer }) => `${keyword} ${pointer}`).toSorted();
}

/** Every property and element inside of `value`, with the object or array that holds it. */
function* slots(value: unknown): Generator<[holder: Record<string, unknown>, name: string]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    yield [value as Record<string, unknown>, name];
    yield* slots(item);
  }
}

const REPLACEMENTS = [
  { label: 'a name', value: 'wrong' },
  { label: 'an empty string', value: '' },
  { label: 'a number', value: 7 },
  { label: 'a negative number', value: -2 },
  { label: 'a fraction', value: 1.5 },
  { label: 'a number above 32 bits', value: 2 ** 40 },
  { label: 'a small bigint', value: 5n },
  { label: 'a bigint above 64 bits', value: 2n ** 64n },
  { label: 'true', value: true },
  { label: 'null', value: null },
  { label: 'an empty list', value: [] },
  { label: 'a list of lists', value: [[]] },
  { label: 'an empty object', value: {} },
];

describe('the walk over a schema', () => {
  it('finds nothing in a config that has everything', () => {
    expect(weSay(completeConfig())).toEqual([]);
    expect(ajvSays(completeConfig())).toEqual([]);
  });

  it.each(REPLACEMENTS)('agrees with ajv wherever $label is put', ({ value }) => {
    let different = 0;
    const config = completeConfig();
    for (const [holder, name] of slots(config)) {
      const original = holder[name];
      holder[name] = value;
      const found = weSay(config);
      expect(found).toEqual(ajvSays(config));
      if (found.length > 0) different += 1;
      holder[name] = original;
    }
    expect(different).toBeGreaterThan(50);
  });

  it('agrees with ajv whatever is left out', () => {
    const required: string[] = [];
    const config = completeConfig();
    for (const [holder, name] of slots(config)) {
      if (Array.isArray(holder)) continue;
      const original = holder[name];
      delete holder[name];
      const found = weSay(config);
      expect(found).toEqual(ajvSays(config));
      required.push(...found);
      holder[name] = original;
    }
    expect(required).toContain('required /ociVersion');
    expect(required).toContain('required /linux/seccomp/syscalls/1/args/0/op');
  });

  it('ignores properties that no version knows', () => {
    const config = { ...completeConfig(), windows: 5, extra: { deep: [] } };
    expect(weSay(config)).toEqual([]);
  });

  it('escapes names in pointers', () => {
    const config = { ...completeConfig(), annotations: { 'a/b~c': 1 } };
    expect(weSay(config)).toEqual(['type /annotations/a~1b~0c']);
  });
});

describe('a range', () => {
  it.each([
    ['uint64', 18446744073709551615n, true],
    ['uint64', 18446744073709551616n, false],
    ['uint64', 2 ** 64, false],
    ['uint64', -1, false],
    ['int64', -9223372036854775808n, true],
    ['int64', -9223372036854775809n, false],
    ['id', 4294967294, true],
    ['id', 4294967295, false],
    ['uint32', 1.5, false],
    ['uint32', '1', false],
    ['uint32', Number.NaN, false],
  ] as const)('of %s: is %s in it? %s', (range, value, expected) => {
    expect(inRange(value, range)).toBe(expected);
  });
});
