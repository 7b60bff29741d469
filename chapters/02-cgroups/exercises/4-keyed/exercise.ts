import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { named, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { GradeCgroup, unifiedOnly } from '../cgroup.ts';

async function flat(attempt: Attempt, text: string | undefined, expected: unknown): Promise<void> {
  attempt.equal(await attempt.call('parseFlatKeyed', text), expected);
}

type Line = readonly [key: string, pairs: Readonly<Record<string, string>>];

async function nested(attempt: Attempt, text: string | undefined, ...lines: Line[]): Promise<void> {
  const expected = lines.map(([key, pairs]) => [key, new Map(Object.entries(pairs))] as const);
  attempt.equal(await attempt.call('parseNestedKeyed', text), new Map(expected));
}

export const exercise: Exercise = {
  id: '02.4',
  points: 10,
  checks: [
    {
      id: 'flat',
      async run(attempt) {
        await flat(attempt, 'populated 1\nfrozen 0\n', { populated: 1n, frozen: 0n });
        await flat(attempt, 'usage_usec 251', { usage_usec: 251n });
      },
    },
    {
      id: 'large',
      async run(attempt) {
        await flat(attempt, 'anon 9007199254740993\n', { anon: 9007199254740993n });
        await flat(attempt, 'max max\n', { max: 18446744073709551615n });
      },
    },
    {
      id: 'other-lines',
      async run(attempt) {
        const text =
          'low 0\n\nsome avg10=0.00\nnegative -1\nfraction 1.5\nthree 1 2\nalone\nhigh 4\n';
        await flat(attempt, text, { low: 0n, high: 4n });
      },
    },
    {
      id: 'nested',
      async run(attempt) {
        await nested(
          attempt,
          '8:0 rbytes=4096 wbytes=0\n8:16 rbytes=512 wbytes=8',
          ['8:0', { rbytes: '4096', wbytes: '0' }],
          ['8:16', { rbytes: '512', wbytes: '8' }],
        );
      },
    },
    {
      id: 'text-values',
      async run(attempt) {
        const pressure = { avg10: '0.00', avg60: '1.25', total: '123456' };
        await nested(attempt, 'some avg10=0.00 avg60=1.25 total=123456', ['some', pressure]);
        await nested(attempt, '8:0 model=a=b rbps=max', ['8:0', { model: 'a=b', rbps: 'max' }]);
      },
    },
    {
      id: 'bare',
      async run(attempt) {
        await nested(attempt, '8:0\n\n8:16 rbytes=1\n', ['8:0', {}], ['8:16', { rbytes: '1' }]);
        await nested(attempt, '8:0 new rbytes=1 \n', ['8:0', { rbytes: '1' }]);
      },
    },
    {
      id: 'twice',
      async run(attempt) {
        await flat(attempt, 'oom 1\noom 2\n', { oom: 2n });
        await nested(attempt, '8:0 rbytes=1\n8:0 wbytes=2\n', ['8:0', { wbytes: '2' }]);
      },
    },
    {
      id: 'without-text',
      async run(attempt) {
        await flat(attempt, undefined, {});
        await flat(attempt, '', {});
        await nested(attempt, undefined);
        await nested(attempt, '');
      },
    },
    {
      id: 'any-text',
      async run(attempt) {
        for (let round = 0; round < 20; round += 1) {
          await attempt.agrees('parseFlatKeyed', randomText());
          await attempt.agrees('parseNestedKeyed', randomText());
        }
      },
    },
    {
      id: 'real-file',
      needs: 'kernel',
      async run(attempt) {
        using grade = new GradeCgroup(unifiedOnly);
        await grade.startSleeper();
        await reads(attempt, grade, 'inside', '1');
        grade.cgroup.kill('SIGKILL');
        await grade.leftInside();
        await reads(attempt, grade, 'gone', '0');
      },
    },
  ],
  async show(attempt) {
    await attempt.call('parseFlatKeyed', 'populated 1\nfrozen 0\n');
    await attempt.call('parseNestedKeyed', '8:0 rbytes=4096 wbytes=0\n');
  },
};

/** What the kernel says in cgroup.events must come out, once it says it. */
async function reads(
  attempt: Attempt,
  grade: GradeCgroup,
  step: string,
  populated: '0' | '1',
): Promise<void> {
  const file = `${grade.cgroup.paths[''] ?? ''}/cgroup.events`;
  const line = `populated ${populated}`;
  let text = readFileSync(file, 'utf8');
  for (let wait = 0; !text.includes(line) && wait < 100; wait += 1) {
    await sleep(10);
    text = readFileSync(file, 'utf8');
  }
  attempt.steps.push(attempt.say(step));
  attempt.evidence.push(`cgroup.events  ${/^populated .*$/m.exec(text)?.[0] ?? ''}`);
  const words = named("readFileSync('cgroup.events', 'utf8')", text);
  const events = (await attempt.call('parseFlatKeyed', words)) as Record<string, unknown>;
  attempt.equal(events['populated'], BigInt(populated), 'populated');
}

const PIECES = ['a', '8:0', '42', 'max', 'b=7', 'c=1.5', '', '0', '007', 'full', '12x', '-3'];

function randomText(): string {
  const pick = (): string => PIECES[Math.floor(Math.random() * PIECES.length)] ?? '';
  const line = (): string =>
    Array.from({ length: 1 + Math.floor(Math.random() * 4) }, pick).join(' ');
  return Array.from({ length: Math.floor(Math.random() * 8) }, line).join('\n');
}
