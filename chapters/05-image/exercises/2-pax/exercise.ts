import path from 'node:path';
import { named, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { inWords, quoted } from '../words.ts';

type Shown = [keyword: string, value: string][];

/** One character a byte: `\xc3\xa9` is an `é` in UTF-8. */
function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

function step(text: string): ReturnType<typeof named> {
  return named(`readRecords(bytes of ${quoted(bytesOf(text))})`, undefined);
}

async function has(attempt: Attempt, text: string, expected: Shown): Promise<void> {
  const seen = await attempt.drive(step(text), 'records', bytesOf(text));
  attempt.equal(inWords(seen), inWords(expected));
}

async function isDamaged(attempt: Attempt, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    const bytes = named(`bytes of ${quoted(bytesOf(text))}`, bytesOf(text));
    const thrown = await attempt.throws('damaged', 'readRecords', bytes);
    attempt.hasCode(thrown, 'BAD_ARCHIVE');
  }
}

/** A record with the length that it must have. */
function record(keyword: string, value: string): string {
  const rest = ` ${keyword}=${value}\n`;
  let length = rest.length;
  while (length !== rest.length + String(length).length)
    length = rest.length + String(length).length;
  return `${length}${rest}`;
}

async function isTime(attempt: Attempt, text: string, nanoseconds: bigint): Promise<void> {
  attempt.equal(await attempt.call('readTime', text), nanoseconds);
}

export const exercise: Exercise = {
  id: '05.2',
  points: 15,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'one-record',
      async run(attempt) {
        await has(attempt, '13 size=1234\n', [['size', '1234']]);
        await has(attempt, '', []);
      },
    },
    {
      id: 'several',
      async run(attempt) {
        const text = '13 size=1234\n12 path=abc\n10 uid=70\n';
        await has(attempt, text, [
          ['size', '1234'],
          ['path', 'abc'],
          ['uid', '70'],
        ]);
      },
    },
    {
      id: 'long-record',
      async run(attempt) {
        const long = 'd/'.repeat(75);
        await has(attempt, record('path', long) + record('uid', '5'), [
          ['path', long],
          ['uid', '5'],
        ]);
      },
    },
    {
      id: 'any-value',
      async run(attempt) {
        await has(attempt, record('comment', 'a\nb') + record('uid', '5'), [
          ['comment', 'a\nb'],
          ['uid', '5'],
        ]);
        const attribute = 'SCHILY.xattr.user.x';
        await has(attempt, record(attribute, 'a=b\0=c'), [[attribute, 'a=b\0=c']]);
        await has(attempt, record(attribute, ''), [[attribute, '']]);
      },
    },
    {
      id: 'bytes',
      async run(attempt) {
        await has(attempt, record('path', 'caf\xc3\xa9') + record('uid', '5'), [
          ['path', 'café'],
          ['uid', '5'],
        ]);
        await has(attempt, record('path', '\xe9\xff'), [['path', String.raw`\xe9\xff`]]);
      },
    },
    {
      id: 'keyword-is-text',
      async run(attempt) {
        await has(attempt, record('caf\xc3\xa9 no', 'x'), [['café no', 'x']]);
      },
    },
    {
      id: 'keyword-is-no-text',
      async run(attempt) {
        await isDamaged(attempt, record('k\xe9', 'x'), record('\xff', 'x') + record('uid', '5'));
      },
    },
    {
      id: 'own-memory',
      async run(attempt) {
        const text = record('path', 'abc');
        const used = named(
          `readRecords(Buffer of ${quoted(bytesOf(text))}), and then fills the Buffer with x`,
          undefined,
        );
        attempt.equal(await attempt.drive(used, 'later', bytesOf(text)), [['path', 'abc']]);
      },
    },
    {
      id: 'twice',
      async run(attempt) {
        await has(attempt, record('uid', '1') + record('uid', '2'), [['uid', '2']]);
      },
    },
    {
      id: 'no-length',
      async run(attempt) {
        await isDamaged(attempt, 'x size=1\n', ' size=1\n', 'size=1\n', '9\n', '0xa a=bcd\n');
        await isDamaged(attempt, '-6 a=b\n', '+7 a=b\n', '1e1 a=bcd\n', '0000000000000021 a=b\n');
      },
    },
    {
      id: 'too-short',
      async run(attempt) {
        await isDamaged(attempt, '0 a=b\n', '1 a=b\n', '3 a=b\n', '4 a=\n\n', '4 a\n7 b=cd\n');
        // The newline before it is no proof of its length.
        await isDamaged(attempt, '6 a=b\n0 a=b\n');
      },
    },
    {
      id: 'too-long',
      async run(attempt) {
        await isDamaged(attempt, '7 a=b\n', '999999999999999 a=b\n', '6 a=b\n9 a=b\n');
      },
    },
    {
      id: 'no-keyword',
      async run(attempt) {
        await isDamaged(attempt, '5 =b\n', '5 ab\n', '5 ab\n6 a=b\n');
      },
    },
    {
      id: 'no-newline',
      async run(attempt) {
        await isDamaged(attempt, '6 a=bc', '6 a=bc6 a=b\n');
      },
    },
    {
      id: 'whole-seconds',
      async run(attempt) {
        await isTime(attempt, '0', 0n);
        await isTime(attempt, '1700000000', 1_700_000_000_000_000_000n);
        await isTime(attempt, '5.', 5_000_000_000n);
      },
    },
    {
      id: 'fraction',
      async run(attempt) {
        await isTime(attempt, '1.5', 1_500_000_000n);
        await isTime(attempt, '1.000000001', 1_000_000_001n);
        await isTime(attempt, '1.1234567899', 1_123_456_789n);
        await isTime(attempt, `1.${'3'.repeat(64)}`, 1_333_333_333n);
      },
    },
    {
      id: 'exactly',
      async run(attempt) {
        await isTime(attempt, '1700000000.123456789', 1_700_000_000_123_456_789n);
        await isTime(attempt, '999999999999999999', 999_999_999_999_999_999_000_000_000n);
      },
    },
    {
      id: 'before-1970',
      async run(attempt) {
        await isTime(attempt, '-5', -5_000_000_000n);
        await isTime(attempt, '-1.5', -1_500_000_000n);
        await isTime(attempt, '-0.25', -250_000_000n);
      },
    },
    {
      id: 'no-time',
      async run(attempt) {
        const none = ['', '.5', '-', '1e3', '1.5.5', ' 1', '0x10', '1.-5'];
        for (const text of [...none, '9'.repeat(19), `1.${'3'.repeat(65)}`]) {
          const thrown = await attempt.throws('damaged', 'readTime', text);
          attempt.hasCode(thrown, 'BAD_ARCHIVE');
        }
      },
    },
    {
      id: 'any-records',
      async run(attempt) {
        for (let round = 0; round < 20; round += 1) {
          const text = randomRecords();
          await attempt.driveAgrees(step(text), 'records', bytesOf(text));
          await attempt.agrees('readTime', randomTime());
        }
      },
    },
  ],
  async show(attempt) {
    const text =
      record('path', 'usr/share/a name that is too long for a header') + record('mtime', '-1.5');
    await attempt.drive(step(text), 'records', bytesOf(text));
    await attempt.call('readTime', '-1.5');
  },
};

function randomRecords(): string {
  const part = (most: number): string =>
    Array.from({ length: random(most) }, () => 'ab =\n\0\xe9'.charAt(random(7))).join('');
  const count = random(4);
  return Array.from({ length: count }, () =>
    record(`k${part(3).replaceAll(/[=\xe9]/g, '')}`, part(120)),
  ).join('');
}

function randomTime(): string {
  const sign = random(2) === 0 ? '-' : '';
  const fraction = random(2) === 0 ? '' : `.${random(10 ** random(12))}`;
  return `${sign}${random(10 ** random(12))}${fraction}`;
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}
