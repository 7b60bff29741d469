import { lstatSync } from 'node:fs';
import path from 'node:path';
import type { TarHeader } from 'coracle/image';
import { named, show, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { Witness } from '../../../../tests/grader/kernel.ts';
import { block, reads, type Fields } from '../blocks.ts';
import { inWords, quoted } from '../words.ts';

/** A field's bytes, as text that is mostly digits or as bytes that are not. */
function numberField(value: string | readonly number[]): ReturnType<typeof named> {
  const bytes = Uint8Array.from(typeof value === 'string' ? Buffer.from(value, 'latin1') : value);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  const words = typeof value === 'string' ? quoted(bytes) : hex.join(' ');
  return named(`<${words}>`, bytes);
}

async function isNumber(
  attempt: Attempt,
  value: string | readonly number[],
  number: number,
): Promise<void> {
  attempt.equal(await attempt.call('readNumber', numberField(value), 'size'), number);
}

async function isNone(attempt: Attempt, value: string | readonly number[]): Promise<void> {
  const thrown = await attempt.throws('refused', 'readNumber', numberField(value), 'size');
  attempt.hasCode(thrown, 'BAD_ARCHIVE');
}

const GNU = 'ustar  \0';
/** No UTF-8, and with bytes above 127. */
const BYTES = [0x63, 0x61, 0x66, 0xe9, 0xff];

type Header = Readonly<Record<keyof TarHeader, unknown>>;

async function read(attempt: Attempt, fields: Fields): Promise<Header> {
  return (await attempt.drive(reads(fields), 'header', block(fields))) as Header;
}

async function isRefused(attempt: Attempt, fields: Fields): Promise<void> {
  const name = named(`block of ${show(fields)}`, block(fields));
  const thrown = await attempt.throws('refused', 'readHeader', name);
  attempt.hasCode(thrown, 'BAD_ARCHIVE');
}

const MINUS_ONE = Array<number>(8).fill(255);
const MINUS_FIVE = [...Array<number>(11).fill(255), 251];

export const exercise: Exercise = {
  id: '05.1',
  points: 20,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'octal',
      async run(attempt) {
        await isNumber(attempt, '0000755\0', 0o755);
        await isNumber(attempt, '777777777777', 0o777777777777);
        await isNumber(attempt, '  755 \0\0', 0o755);
      },
    },
    {
      id: 'empty-field',
      async run(attempt) {
        await isNumber(attempt, '\0\0\0\0\0\0\0\0', 0);
        await isNumber(attempt, '       \0', 0);
      },
    },
    {
      id: 'after-the-nul',
      async run(attempt) {
        await isNumber(attempt, '755\x009\x007', 0o755);
      },
    },
    {
      id: 'no-number',
      async run(attempt) {
        for (const text of ['0000789\0', '0x1ff\0\0\0', '-1\0\0\0\0\0\0', '7 7\0\0\0\0\0']) {
          await isNone(attempt, text);
        }
        for (const text of ['\t0000755', '000755\n\0', '0000755\xa0']) await isNone(attempt, text);
      },
    },
    {
      id: 'binary',
      async run(attempt) {
        await isNumber(attempt, [0x80, 0, 0, 0, 0, 0x20, 0, 0], 2_097_152);
        await isNumber(attempt, [0x80, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 1], 5 * 2 ** 32 + 1);
        await isNumber(attempt, [0x80, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 9], 2 ** 41 + 9);
      },
    },
    {
      id: 'below-zero',
      async run(attempt) {
        await isNumber(attempt, MINUS_ONE, -1);
        await isNumber(attempt, MINUS_FIVE, -5);
        await isNumber(attempt, [255, 255, 255, 255, 0, 0, 0, 0], -(2 ** 32));
      },
    },
    {
      id: 'too-large',
      async run(attempt) {
        await isNumber(attempt, [0x80, 0x1f, 255, 255, 255, 255, 255, 255], 2 ** 53 - 1);
        await isNone(attempt, [0x80, 0x20, 0, 0, 0, 0, 0, 0]);
        await isNone(attempt, [0xc0, 0, 0, 0, 0, 0, 0, 0]);
      },
    },
    {
      id: 'checksum',
      async run(attempt) {
        await isRefused(attempt, { name: 'sh', checksum: '000001\0 ' });
        for (const name of ['sh', BYTES]) {
          const fields = { name, magic: GNU };
          const header = await attempt.drive(reads(fields), 'header', block(fields));
          attempt.holds(header !== undefined, 'a-header', show(header));
        }
      },
    },
    {
      id: 'fields',
      async run(attempt) {
        const fields = {
          name: 'dev/tty1',
          magic: GNU,
          mode: '0000620\0',
          uid: '0001750\0',
          gid: '0000005\0',
          size: '00000000021\0',
          mtime: '14000000000\0',
          typeFlag: '3',
          linkName: 'dev/tty',
          major: '0000004\0',
          minor: '0000001\0',
        };
        const expected = {
          name: 'dev/tty1',
          linkName: 'dev/tty',
          typeFlag: '3',
          mode: 0o620,
          uid: 1000,
          gid: 5,
          size: 17,
          mtime: 0o14000000000,
          major: 4,
          minor: 1,
        };
        const header = await read(attempt, fields);
        for (const [field, value] of Object.entries(expected)) {
          attempt.equal(header[field as keyof Header], value, field);
        }
      },
    },
    {
      id: 'prefix',
      async run(attempt) {
        const far = await read(attempt, { name: 'sh', prefix: 'usr/bin' });
        attempt.equal(far.name, 'usr/bin/sh', 'name');
        attempt.equal((await read(attempt, { name: 'sh', prefix: '' })).name, 'sh', 'name');
      },
    },
    {
      id: 'full-field',
      async run(attempt) {
        const [name, linkName] = ['n'.repeat(100), 'l'.repeat(100)];
        const header = await read(attempt, { name, linkName, typeFlag: '2' });
        attempt.equal(header.name, name, 'name');
        attempt.equal(header.linkName, linkName, 'linkName');
        const full = 'p'.repeat(155);
        attempt.equal((await read(attempt, { name: 'x', prefix: full })).name, `${full}/x`, 'name');
      },
    },
    {
      id: 'bytes',
      async run(attempt) {
        const { name } = await read(attempt, { name: BYTES });
        attempt.equal(inWords(name), inWords(String.raw`caf\xe9\xff`), 'name');
      },
    },
    {
      id: 'of-posix-only',
      async run(attempt) {
        const times = '14000000000\x0014000000000\0';
        const gnu = await read(attempt, { name: 'sh', magic: GNU, prefix: times });
        attempt.equal(gnu.name, 'sh', 'name');
        const oldest = await read(attempt, { name: 'sh', magic: '\0', prefix: 'rubbish' });
        attempt.equal(oldest.name, 'sh', 'name');
      },
    },
    {
      id: 'type-flag',
      async run(attempt) {
        attempt.equal((await read(attempt, { typeFlag: '\0' })).typeFlag, '0', 'typeFlag');
        attempt.equal((await read(attempt, { typeFlag: 'x' })).typeFlag, 'x', 'typeFlag');
        attempt.equal((await read(attempt, { typeFlag: '0' })).typeFlag, '0', 'typeFlag');
      },
    },
    {
      id: 'end',
      async run(attempt) {
        const zeros = named('readHeader(block of 512 zeros)', undefined);
        attempt.equal(await attempt.drive(zeros, 'header', new Uint8Array(512)), undefined);
      },
    },
    {
      id: 'sign',
      async run(attempt) {
        const before = await read(attempt, { mtime: MINUS_FIVE });
        attempt.equal(before.mtime, -5, 'mtime');
        await isRefused(attempt, { name: 'sh', size: MINUS_FIVE });
        for (const field of ['mode', 'uid', 'gid', 'major', 'minor']) {
          await isRefused(attempt, { name: 'sh', [field]: MINUS_ONE });
        }
      },
    },
    {
      id: 'own-memory',
      async run(attempt) {
        const fields = { name: 'sh', linkName: 'busybox', typeFlag: '2' };
        const step = reads(fields, ', and then fills the block with x');
        const names = await attempt.drive(step, 'later', block(fields));
        attempt.equal(names, { name: 'sh', linkName: 'busybox' });
        const same = reads(fields, ', and then fills the Buffer with x', 'Buffer');
        const again = await attempt.drive(same, 'laterOfBuffer', block(fields));
        attempt.equal(again, { name: 'sh', linkName: 'busybox' });
      },
    },
    {
      id: 'a-real-archive',
      needs: 'kernel',
      async run(attempt) {
        const lines = (await attempt.drive('tar', 'listReal')) as string[];
        attempt.equal(lines, await stat(attempt), 'listed');
      },
    },
    {
      id: 'any-header',
      async run(attempt) {
        for (let round = 0; round < 20; round += 1) {
          const fields = randomFields();
          await attempt.driveAgrees(reads(fields), 'header', block(fields));
        }
      },
    },
  ],
  async show(attempt) {
    await read(attempt, { name: 'bin/sh', typeFlag: '2', linkName: 'busybox', mode: '0000777\0' });
  },
};

/** What lstat(2) says of the files that the learner's process has archived. */
async function stat(attempt: Attempt): Promise<string[]> {
  const { pid } = await Witness.of(attempt, 1);
  const long = `${'d'.repeat(60)}/${'f'.repeat(60)}`;
  const lines = ['hello', 'link', long, 'old'].map((name) => {
    const file = lstatSync(path.join(`/proc/${pid}/root/dev/shm`, name));
    const size = file.isFile() ? file.size : 0;
    const time = Math.floor(file.mtimeMs / 1000);
    const which = name.replaceAll(/(.)\1{9,}/g, '$1…');
    const mode = (file.mode & 0o7777).toString(8);
    return `${which}  ${mode} ${file.uid}:${file.gid} ${size} ${time}`;
  });
  attempt.evidence.push(...lines.map((line) => `lstat  ${line}`));
  return lines;
}

function randomFields(): Fields {
  const letters = (most: number): string => 'abc/é'.charAt(random(5)).repeat(random(most));
  const octal = (length: number): string =>
    `${random(8 ** 6)
      .toString(8)
      .padStart(length - 1, '0')}\0`;
  const binary = [0x80, 0, 0, 0, random(256), random(256), random(256), random(256)];
  return {
    name: letters(100),
    prefix: letters(155),
    linkName: letters(100),
    typeFlag: '0123456xgLK'.charAt(random(11)),
    uid: random(2) === 0 ? binary : octal(8),
    size: octal(12),
    mtime: octal(12),
    ...(random(3) === 0 && { magic: GNU }),
  };
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}
