/** Properties from annotations, in GVariant's notation. */
import { describe, expect, test } from 'vitest';
import { propertiesOf } from '../../../src/cgroups/systemd/annotations.ts';
import { parseGVariant } from '../../../src/cgroups/systemd/gvariant.ts';

const property = (name: string, text: string) =>
  propertiesOf({ [`org.systemd.property.${name}`]: text })[0];

describe('GVariant text', () => {
  test.each([
    ['5', 'i', 5n],
    ['-0x10', 'i', -16n],
    ['010', 'i', 8n],
    ['1.5', 'd', 1.5],
    ['1e3', 'd', 1000],
    ['uint64 18446744073709551615', 't', 2n ** 64n - 1n],
    ['@t 5', 't', 5n],
    ['byte 255', 'y', 255n],
    ['double 2', 'd', 2],
    ['true', 'b', true],
    ['boolean false', 'b', false],
    ["'a \\'b\\' \\n\\u00e9'", 's', "a 'b' \né"],
    ['"it\'s"', 's', "it's"],
    ["objectpath '/a'", 'o', '/a'],
    ["['a', 'b']", 'as', ['a', 'b']],
    ['[uint32 1, 2]', 'au', [1n, 2n]],
    ['@as []', 'as', []],
    ["('a', 1)", '(si)', ['a', 1n]],
    ["@a(ss) [('/dev/null', 'r')]", 'a(ss)', [['/dev/null', 'r']]],
    ["<'x'>", 'v', { signature: 's', value: 'x' }],
    [" [ ('a' , uint64 1 ) ] ", 'a(st)', [['a', 1n]]],
  ])('%s', (text, signature, value) => {
    expect(parseGVariant(text)).toEqual({ signature, value });
  });

  test.each([
    '',
    'text',
    "'open",
    '5 6',
    '[]',
    "['a', 1]",
    'byte 256',
    'uint64 -1',
    '2147483648',
    '@z 5',
    '@as 5',
    '@s 5',
    "uint64 'a'",
    '[1, 2',
    '(1',
    '()',
    '<1',
    "'\\u0000'",
    '@(s) 1',
    '1.2.3',
  ])('%j is none', (text) => {
    expect(parseGVariant(text)).toBeUndefined();
  });
});

describe('annotations', () => {
  test('others are not looked at', () => {
    expect(propertiesOf({ 'org.example': 'x', 'org.systemd.propertyX': '1' })).toEqual([]);
  });

  test('are properties of the unit', () => {
    expect(property('CollectMode', "'inactive-or-failed'")).toEqual({
      name: 'CollectMode',
      signature: 's',
      value: 'inactive-or-failed',
    });
  });

  test.each([
    ['30', 30_000_000n],
    ['uint64 2', 2_000_000n],
    ['1.5', 1_500_000n],
  ])('a name in Sec gets %s as microseconds', (text, value) => {
    expect(property('TimeoutStopSec', text)).toEqual({
      name: 'TimeoutStopUSec',
      signature: 't',
      value,
    });
  });

  test('a name that only happens to end so is kept', () => {
    expect(property('ABSec', '1')).toEqual({ name: 'ABSec', signature: 'i', value: 1n });
  });

  test.each([
    ['Ab', '1', /three letters/],
    ['A=b', '1', /three letters/],
    ['CollectMode', 'inactive', /GVariant text/],
    ['TimeoutStopSec', "'soon'", /number of seconds/],
    ['TimeoutStopSec', '-1', /number of seconds/],
  ])('%s: %s is refused, with its place', (name, text, why) => {
    expect(() => property(name, text)).toThrow(why);
    expect(() => property(name, text)).toThrow(`/annotations/org.systemd.property.${name}`);
  });
});
