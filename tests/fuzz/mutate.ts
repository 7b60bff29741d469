/** Damages an input a little, in the ways that parsers are known to be weak against. */
import type { Random } from './random.ts';

const BYTES = [0, 1, 0x20, 0x2e, 0x2f, 0x30, 0x37, 0x39, 0x3d, 0x7f, 0x80, 0xff];
const WORDS = [
  '../',
  '..',
  '/',
  '.wh.',
  '.wh..wh..opq',
  '\0',
  '-1',
  '99999999999999999999',
  '%s',
  '\u{1F6A3}',
  '"',
  ',',
  '=',
];

/** @param others inputs of the same sort, to take pieces from. */
export function mutate(input: Buffer, others: readonly Buffer[], random: Random): Buffer {
  let bytes: Buffer = Buffer.from(input);
  for (let times = 1 + random.below(6); times > 0; times--) bytes = once(bytes, others, random);
  return bytes;
}

function once(bytes: Buffer, others: readonly Buffer[], random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const length = Math.min(bytes.length - at, random.below(40));
  const before = bytes.subarray(0, at);
  switch (random.below(7)) {
    case 0:
      if (at < bytes.length) bytes[at] = random.pick(BYTES);
      return bytes;
    case 1:
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return bytes;
    case 2:
      return Buffer.from(before);
    case 3:
      return Buffer.concat([before, bytes.subarray(at + length)]);
    case 4:
      return Buffer.concat([before, bytes.subarray(at, at + length), bytes.subarray(at)]);
    case 5:
      return Buffer.concat([before, Buffer.from(random.pick(WORDS)), bytes.subarray(at + length)]);
    default: {
      const other = random.pick(others);
      const from = random.below(other.length + 1);
      return Buffer.concat([
        before,
        other.subarray(from, from + 1024),
        bytes.subarray(at + length),
      ]);
    }
  }
}
