import { describe, expect, it } from 'vitest';
import { parseExactJson, stringifyExactJson } from '../../src/oci/index.ts';

describe('JSON with exact integers', () => {
  it('reads the largest limit to the last digit', () => {
    expect(parseExactJson('{"hard": 18446744073709551615}')).toEqual({
      hard: 18446744073709551615n,
    });
  });

  it('reads what a number can hold as a number, even beside one that it cannot', () => {
    const text = '{"a": 9007199254740991, "b": -9223372036854775808, "c": 1}';
    expect(parseExactJson(text)).toEqual({
      a: 9007199254740991,
      b: -9223372036854775808n,
      c: 1,
    });
  });

  it('leaves digits in strings, and numbers that are not whole, alone', () => {
    const text = '{"id": "12345678901234567890", "x": 0.12345678901234568, "y": 1e30}';
    expect(parseExactJson(text)).toEqual({
      id: '12345678901234567890',
      x: 0.12345678901234568,
      y: 1e30,
    });
  });

  it('writes what it has read', () => {
    const text = '{"a":[18446744073709551615,1],"b":"18446744073709551615"}';
    expect(stringifyExactJson(parseExactJson(text))).toBe(text);
  });

  it('refuses what JSON.parse refuses', () => {
    expect(() => parseExactJson('{"a": 01}')).toThrow(SyntaxError);
  });
});
