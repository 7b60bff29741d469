import { describe, expect, it } from 'vitest';
import {
  attribute32,
  attributeText,
  decodeAttributes,
  decodeMessages,
  encodeAttributes,
  encodeMessage,
} from '../../../src/runtime/netdevices/message.ts';
import { linkMove, linkQuery, linkUp } from '../../../src/runtime/netdevices/link.ts';
import {
  decodeAddress,
  encodeAddress,
  isCarried,
} from '../../../src/runtime/netdevices/address.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
/** Hexadecimal digits, with blanks for the reader. */
const unhex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

describe('messages', () => {
  it('have a header of 16 bytes and end on a multiple of four', () => {
    const message = encodeMessage({ type: 16, flags: 5, sequence: 7, body: Buffer.from('abcde') });
    expect(hex(message)).toBe(hex(unhex('15000000 1000 0500 07000000 00000000 6162636465 000000')));
  });

  it('are read back, several in one datagram', () => {
    const one = { type: 16, flags: 2, sequence: 7, body: Buffer.from('abcde') };
    const two = { type: 3, flags: 2, sequence: 7, body: Buffer.alloc(4) };
    expect(decodeMessages(Buffer.concat([encodeMessage(one), encodeMessage(two)]))).toEqual([
      one,
      two,
    ]);
  });

  it.each([
    ['is zero', 0],
    ['is shorter than the header', 15],
    ['goes past what was received', 24],
  ])('are refused when their length %s', (_what, length) => {
    const message = encodeMessage({ type: 16, flags: 0, sequence: 1, body: Buffer.alloc(4) });
    message.writeUInt32LE(length, 0);
    expect(() => decodeMessages(message)).toThrow(`a length of ${length} is not between 16 and 20`);
  });
});

describe('attributes', () => {
  it('are padded, but their length is not', () => {
    const bytes = encodeAttributes([attributeText(3, 'lo'), attribute32(28, 9)]);
    expect(hex(bytes)).toBe(hex(unhex('0700 0300 6c6f00 00  0800 1c00 09000000')));
  });

  it('are read back by type, without the flags in the type', () => {
    const bytes = unhex('0500 0380 61 000000  0600 0440 6263 0000');
    expect([...decodeAttributes(bytes)]).toEqual([
      [3, Buffer.from('a')],
      [4, Buffer.from('bc')],
    ]);
  });

  it('are refused when a length is zero', () => {
    expect(() => decodeAttributes(Buffer.alloc(8))).toThrow('a length of 0 is not between 4 and 8');
  });
});

describe('requests about links', () => {
  const NONE = '0000 0000 00000000 00000000 00000000';

  it('ask for all links, or for one by name', () => {
    expect(hex(linkQuery())).toBe(hex(unhex(NONE)));
    expect(hex(linkQuery('veth7'))).toBe(hex(unhex(`${NONE} 0a00 0300 766574683700 0000`)));
  });

  it('move, rename and renumber in one', () => {
    const body = linkMove({ index: 5, name: 'eth0', netnsFd: 11, newIndex: 2 });
    const fixed = '0000 0000 05000000 00000000 00000000';
    const name = '0900 0300 6574683000 000000';
    expect(hex(body)).toBe(hex(unhex(`${fixed} ${name} 0800 1c00 0b000000 0800 3100 02000000`)));
  });

  it('bring a link up, with a mask that spares its other flags', () => {
    expect(hex(linkUp(5))).toBe(hex(unhex('0000 0000 05000000 01000000 01000000')));
  });
});

describe('addresses', () => {
  /** 10.1.2.3/24, permanent and secondary, noprefixroute, label veth7, with cacheinfo. */
  const sent = unhex(`
    02 18 81 00 05000000
    0800 0100 0a010203  0800 0200 0a010203  0800 0400 0a0102ff
    0a00 0300 766574683700 0000
    1400 0600 ffffffff ffffffff 00000000 00000000
    0800 0800 81020000`);

  it('are read with all 32 flags', () => {
    expect(decodeAddress(sent)).toMatchObject({
      family: 2,
      prefixLength: 24,
      flags: 0x281,
      scope: 0,
      index: 5,
    });
  });

  it('are given to another device without label, state and lifetime', () => {
    expect(hex(encodeAddress(decodeAddress(sent), 9))).toBe(
      hex(
        unhex(`
          02 18 00 00 09000000
          0800 0100 0a010203  0800 0200 0a010203  0800 0400 0a0102ff
          0800 0800 00020000`),
      ),
    );
  });

  it.each([
    ['permanent and global', 0x80, 0, true],
    ['learned from a router', 0, 0, false],
    ['of the link only', 0x80, 253, false],
    ['of the host only', 0x80, 254, false],
  ])('go with the device when they are %s: scope and flags', (_what, flags, scope, expected) => {
    expect(isCarried({ ...decodeAddress(sent), flags, scope })).toBe(expected);
  });
});
