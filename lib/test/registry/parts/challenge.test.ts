import { expect, it } from 'vitest';
import { parseChallenges } from '#parts/registry/challenge.ts';

const read = (header: string): unknown =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

it.each([
  ['', []],
  ['Basic realm="r"', [['basic', { realm: 'r' }]]],
  ['BASIC REALM=r', [['basic', { realm: 'r' }]]],
  [
    'Bearer realm="https://auth.example/token",service="s",scope="repository:a/b:pull,push"',
    [
      [
        'bearer',
        { realm: 'https://auth.example/token', service: 's', scope: 'repository:a/b:pull,push' },
      ],
    ],
  ],
  [
    'Bearer realm="a" , service = "b",, Basic realm="c, d=e"',
    [
      ['bearer', { realm: 'a', service: 'b' }],
      ['basic', { realm: 'c, d=e' }],
    ],
  ],
  [String.raw`Basic realm="a\"b\\c"`, [['basic', { realm: String.raw`a"b\c` }]]],
  [
    'Negotiate, Basic realm="x"',
    [
      ['negotiate', {}],
      ['basic', { realm: 'x' }],
    ],
  ],
  [
    'Negotiate YWJj==, Bearer realm="x"',
    [
      ['negotiate', {}],
      ['bearer', { realm: 'x' }],
    ],
  ],
  ['Negotiate a-b.c/d+e', [['negotiate', {}]]],
  ['Basic realm=""', [['basic', { realm: '' }]]],
  ['Basic __proto__="x"', [['basic', Object.fromEntries([['__proto__', 'x']])]]],
  [', ,Basic realm="r", ', [['basic', { realm: 'r' }]]],
])('reads %s', (header, expected) => {
  expect(read(header)).toEqual(expected);
});

it.each([
  ['realm="x"', 'begins with a parameter'],
  ['Basic realm="x', 'has no value'],
  ['Basic realm="x" y', 'no comma'],
  ['Basic realm=x realm2=y', 'no comma'],
  ['Basic realm="x",realm="y"', 'comes twice'],
  ['Basic realm="x",REALM="y"', 'comes twice'],
  ['"x"', 'no word'],
  ['Basic realm="x",service=', 'no word'],
  [`Basic realm="${'x'.repeat(9000)}"`, 'too long'],
])('refuses %s: %s', (header, why) => {
  expect(() => parseChallenges(header)).toThrow(
    expect.objectContaining({
      code: 'BAD_RESPONSE',
      message: expect.stringContaining(why) as string,
    }),
  );
});
