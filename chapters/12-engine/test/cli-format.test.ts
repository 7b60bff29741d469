import { describe, expect, it } from 'vitest';
import { age, platform, size } from '../src/cli/format.ts';
import { table } from '../src/runtime-cli/table.ts';
import { nameOfImport, shownName, storedName } from '../src/cli/names.ts';

it.each([
  [0, '0B'],
  [999, '999B'],
  [1000, '1kB'],
  [4_863_000, '4.86MB'],
  [999_900_000, '1GB'],
  [123_456_789_000, '123GB'],
])('%d bytes are %s', (bytes, text) => expect(size(bytes)).toBe(text));

describe('ages', () => {
  const now = Date.parse('2026-11-28T12:00:00Z');
  it.each([
    ['2026-11-28T12:00:00Z', '0 seconds ago'],
    ['2026-11-28T11:59:59Z', '1 second ago'],
    ['2026-11-28T09:00:00Z', '3 hours ago'],
    ['2026-11-07T12:00:00Z', '3 weeks ago'],
    ['1970-01-01T00:00:00Z', '56 years ago'],
    ['not a time', 'N/A'],
    [undefined, 'N/A'],
  ])('%s', (time, text) => expect(age(time, now)).toBe(text));
});

it('a platform is two or three words', () => {
  expect(platform('linux/arm/v7')).toEqual({ os: 'linux', architecture: 'arm', variant: 'v7' });
  expect(platform(undefined)).toBeUndefined();
  for (const text of ['', 'linux', 'a/b/c/d', '/amd64']) {
    expect(() => platform(text)).toThrow(/OS\/ARCHITECTURE/);
  }
});

it('columns are as wide as their widest cell', () => {
  expect(
    table(
      [
        ['A', 'B'],
        ['long one', 'x'],
      ],
      0,
    ),
  ).toBe('A          B\nlong one   x\n');
});

it('names are kept written out, and shown short', () => {
  expect(storedName('busybox')).toBe('docker.io/library/busybox:latest');
  expect(shownName('docker.io/library/busybox:latest')).toEqual({
    repository: 'busybox',
    tag: 'latest',
  });
  expect(shownName('not a name')).toEqual({ repository: 'not a name', tag: '<none>' });
});

it.each([
  ['busybox:1', 'docker.io/library/busybox:1'],
  ['latest', 'localhost/my-image:latest'],
  ['example.org/a/b', 'example.org/a/b:latest'],
])('%s of an archive is kept as %s', (name, stored) => {
  expect(nameOfImport(name, 'My_Image!')).toBe(stored);
});
