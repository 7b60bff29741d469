import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Architecture } from '../../../src/sys/index.ts';
import { assembleLoop as assembleArm64 } from '../../../src/sys/program/loop-arm64.ts';
import { assembleLoop as assembleX64 } from '../../../src/sys/program/loop-x64.ts';
import { bytesOf, listing, whyNoListing } from './disassemble.ts';

const START = { firstOperation: 0x7fed_cba9_8000, controlFd: 0x12345 };
const CODE = { x64: assembleX64(START), arm64: assembleArm64(START) };

describe.each<Architecture>(['x64', 'arm64'])('the code of %s', (arch) => {
  const golden = new URL(`${arch}.golden.txt`, import.meta.url);
  const reason = whyNoListing(arch);

  test('is the golden listing, byte by byte', () => {
    const expected = bytesOf(readFileSync(golden, 'utf8'));
    expect(Buffer.from(CODE[arch]).toString('hex')).toBe(Buffer.from(expected).toString('hex'));
  });

  test.skipIf(reason !== undefined)(
    `means what the golden listing says${reason ? ` (${reason})` : ''}`,
    async () => {
      await expect(listing(CODE[arch], arch)).toMatchFileSnapshot(golden.pathname);
    },
  );
});
