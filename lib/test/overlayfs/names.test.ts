import { describe, expect, it } from 'vitest';
import { decodeName, encodePath } from '../../src/overlayfs/index.ts';

describe('file names as strings', () => {
  it.each(['plain', 'ümläut', '\u{1F480}', '\uFFFD', 'a\nb'])(
    'UTF-8 stays as it is: %j',
    (name) => {
      expect(decodeName(Buffer.from(name))).toBe(name);
      expect(encodePath(name)).toBe(name);
    },
  );

  it.each([
    ['one bad byte', [0x61, 0xff, 0x62]],
    ['Latin-1', [0xe4, 0xf6, 0xfc]],
    ['half of a character', [0xc3]],
    ['a lone surrogate in UTF-8', [0xed, 0xb2, 0x80]],
    ['good and bad together', [0xc3, 0xbc, 0x2d, 0x80]],
    ['the replacement character and a bad byte', [0xef, 0xbf, 0xbd, 0xfe]],
  ])('bytes come back: %s', (_what, bytes) => {
    const raw = Buffer.from(bytes);
    const path = encodePath(`/dir/ü/${decodeName(raw)}/\u{1F480}`);
    expect(path).toEqual(Buffer.concat([Buffer.from('/dir/ü/'), raw, Buffer.from('/\u{1F480}')]));
  });
});
