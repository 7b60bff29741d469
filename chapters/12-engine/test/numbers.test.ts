import { describe, expect, it } from 'vitest';
import { parseBytes, parseDuration, parseLong, parseWhole } from '../src/runtime-cli/numbers.ts';

describe('whole numbers', () => {
  it.each([
    ['0', 0],
    ['-0', 0],
    ['42', 42],
    ['+42', 42],
    ['-42', -42],
    ['0x2a', 42],
    ['052', 42],
    ['0o52', 42],
    ['0b101010', 42],
  ])('%s is %d', (text, value) => expect(parseWhole(text)).toBe(value));

  it.each(['', ' 1', '1.0', '1e3', '08', '0x', 'x', '9007199254740993'])('%j is none', (text) => {
    expect(parseWhole(text)).toBeUndefined();
  });
});

describe('durations in milliseconds', () => {
  it.each([
    ['0', 0],
    ['5s', 5000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['-1s', -1000],
    ['2µs', 0.002],
  ])('%s is %d', (text, value) => expect(parseDuration(text)).toBeCloseTo(value));

  it.each(['', '5', 's', '5 s', '1d', '1s2'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('numbers of 64 bits', () => {
  it.each([
    ['9223372036854775807', 2n ** 63n - 1n],
    ['-9223372036854775808', -(2n ** 63n)],
    ['+7', 7n],
  ])('%s is exact', (text, value) => expect(parseLong(text)).toBe(value));

  it.each(['9223372036854775808', '1e3', '', '0x1'])('%j is none', (text) => {
    expect(parseLong(text)).toBeUndefined();
  });
});

describe('sizes in bytes', () => {
  it.each([
    ['1024', 1024n],
    ['512m', 2n ** 29n],
    ['1G', 2n ** 30n],
    ['1.5GiB', 3n * 2n ** 29n],
    ['10 kb', 10_240n],
    ['7b', 7n],
  ])('%s is %d', (text, value) => expect(parseBytes(text)).toBe(value));

  it.each(['', '-1', 'm', '1mm', '1x', '0x10'])('%j is none', (text) => {
    expect(parseBytes(text)).toBeUndefined();
  });
});
