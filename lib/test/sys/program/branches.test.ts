import { describe, expect, test } from 'vitest';
import { linkBranches, type Piece } from '../../../src/sys/program/branches.ts';

/** So many bytes that do nothing. */
const filler = (size: number): number[] => Array<number>(size).fill(0x90);
const hex = (pieces: Piece[]): string => Buffer.from(linkBranches(pieces)).toString('hex');
const JMP = 0xeb;
const JNZ = 0x75;

describe('a branch', () => {
  test('forwards counts from its own end', () => {
    const code = hex([{ branch: [JNZ], to: 'there' }, filler(2), { label: 'there' }, filler(1)]);
    expect(code).toBe('7502909090');
  });

  test('backwards is negative', () => {
    expect(hex([{ label: 'there' }, filler(2), { branch: [JMP], to: 'there' }])).toBe('9090ebfc');
  });

  test('over 127 bytes forwards is short, over 128 near', () => {
    const over = (size: number) =>
      hex([{ branch: [JMP], to: 'end' }, filler(size), { label: 'end' }]).slice(0, 10);
    expect(over(127)).toBe('eb7f909090');
    expect(over(128)).toBe('e980000000');
  });

  test('over 128 bytes backwards is short, over more near', () => {
    const back = (size: number) =>
      hex([{ label: 'start' }, filler(size), { branch: [JNZ], to: 'start' }]).slice(size * 2);
    expect(back(126)).toBe('7580');
    expect(back(127)).toBe('0f857bffffff');
  });

  test('that becomes near may push another one out of reach', () => {
    const pieces: Piece[] = [
      { branch: [JMP], to: 'end' },
      { branch: [JNZ], to: 'far' },
      filler(124),
      { label: 'end' },
      filler(10),
      { label: 'far' },
    ];
    expect(hex(pieces).slice(0, 22)).toBe('e9820000000f8586000000');
  });

  test('to a label that is nowhere is a mistake of ours', () => {
    expect(() => linkBranches([{ branch: [JMP], to: 'nowhere' }])).toThrow('no label nowhere');
  });
});
