import path from 'node:path';
import { named, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { Witness } from '../../../../tests/grader/kernel.ts';

interface Files {
  readonly passwd: string;
  readonly group: string;
}

interface User {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids: readonly number[];
}

const FILES: Files = {
  passwd: 'root:x:0:0:root:/root:/bin/sh\nann:x:1000:100::/home/ann:/bin/sh\n',
  group: 'root:x:0:\nusers:x:100:\nwheel:x:10:bob,ann\naudio:x:29:ann\n',
};

/** What is in the files only if it is not the usual. */
function args(user: string, files: Partial<Files>): unknown[] {
  const { passwd = FILES.passwd, group = FILES.group } = files;
  return [
    user,
    files.passwd === undefined ? named('PASSWD', passwd) : passwd,
    files.group === undefined ? named('GROUP', group) : group,
  ];
}

async function is(
  attempt: Attempt,
  user: string,
  [uid, gid, ...additionalGids]: readonly [number, number, ...number[]],
  files: Partial<Files> = {},
): Promise<void> {
  if (Object.keys(files).length < 2) tellFiles(attempt, files);
  const seen = (await attempt.call('resolveUser', ...args(user, files))) as User;
  attempt.equal(seen, { uid, gid, additionalGids });
}

async function isUnknown(
  attempt: Attempt,
  user: string,
  files: Partial<Files> = {},
): Promise<void> {
  tellFiles(attempt, files);
  const thrown = await attempt.throws('refused', 'resolveUser', ...args(user, files));
  attempt.hasCode(thrown, 'INVALID_ARGUMENT');
}

/** Once for each check: what PASSWD and GROUP are. */
function tellFiles(attempt: Attempt, files: Partial<Files>): void {
  for (const [name, text] of Object.entries(FILES) as [keyof Files, string][]) {
    const line = `${name.toUpperCase()} = ${JSON.stringify(text)}`;
    if (files[name] === undefined && !attempt.steps.includes(line)) attempt.steps.push(line);
  }
}

export const exercise: Exercise = {
  id: '05.7',
  points: 15,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'name',
      async run(attempt) {
        await is(attempt, 'ann', [1000, 100], { group: '' });
        await is(attempt, 'root', [0, 0]);
      },
    },
    {
      id: 'nobody',
      async run(attempt) {
        await is(attempt, '', [0, 0]);
        await is(attempt, '', [0, 0], { passwd: '', group: '' });
      },
    },
    {
      id: 'number',
      async run(attempt) {
        await is(attempt, '4242', [4242, 0]);
        await is(attempt, '2147483647', [2_147_483_647, 0], { passwd: '', group: '' });
      },
    },
    {
      id: 'number-in-passwd',
      async run(attempt) {
        await is(attempt, '1000', [1000, 100], { group: '' });
        await is(attempt, '0', [0, 5], { passwd: 'root:x:0:5::/:/bin/sh\n' });
      },
    },
    {
      id: 'digits-are-no-name',
      async run(attempt) {
        const passwd = '12:x:7:7::/:/bin/sh\nann:x:1000:100::/:/bin/sh\n';
        await is(attempt, '12', [12, 0], { passwd });
        await is(attempt, 'ann:12', [1000, 12], { passwd, group: '12:x:7:\n' });
      },
    },
    {
      id: 'group',
      async run(attempt) {
        await is(attempt, 'ann:users', [1000, 100]);
        await is(attempt, 'ann:55', [1000, 55]);
        await is(attempt, '4242:wheel', [4242, 10]);
        await is(attempt, ':wheel', [0, 10]);
        await is(attempt, 'ann:g', [1000, 5], { group: 'g:x:5\n' });
      },
    },
    {
      id: 'additional',
      async run(attempt) {
        await is(attempt, 'ann', [1000, 100, 10, 29]);
        await is(attempt, 'bob', [5, 5, 10], { passwd: 'bob:x:5:5::/:/bin/sh\n' });
      },
    },
    {
      id: 'additional-of-a-number',
      async run(attempt) {
        await is(attempt, '1000', [1000, 100, 10, 29]);
        await is(attempt, '4242', [4242, 0], { group: 'odd:x:9:4242,undefined,\n' });
      },
    },
    {
      id: 'none-with-a-group',
      async run(attempt) {
        await is(attempt, 'ann:wheel', [1000, 10]);
        await is(attempt, 'ann:', [1000, 100, 10, 29]);
      },
    },
    {
      id: 'members',
      async run(attempt) {
        const group = 'a:x:1:ann2\nb:x:2:joann,ann\nann:x:3:\nc:x:4:an,n\n';
        await is(attempt, 'ann', [1000, 100, 2], { group });
      },
    },
    {
      id: 'each-once',
      async run(attempt) {
        const group = 'a:x:30:ann\nb:x:20:ann\nc:x:30:ann\nd:x:10:ann,ann\n';
        await is(attempt, 'ann', [1000, 100, 30, 20, 10], { group });
      },
    },
    {
      id: 'the-first-line',
      async run(attempt) {
        const passwd = 'ann:x:1:1::/:/bin/sh\nann:x:2:2::/:/bin/sh\nalso:x:1:3::/:/bin/sh\n';
        await is(attempt, 'ann', [1, 1], { passwd, group: '' });
        await is(attempt, '1', [1, 1], { passwd, group: '' });
        await is(attempt, 'ann:g', [1, 8], { passwd, group: 'g:x:8:\ng:x:9:\n' });
      },
    },
    {
      id: 'odd-lines',
      async run(attempt) {
        const passwd = '# ann:x:0:0\nann:x\nann:x:y:5::/:\nann:x:9:-1::/:\nann:x:6:7::/:/bin/sh\n';
        const group = 'g:x:none:ann\ng:x:4294967296:ann\ng:x:3:\n';
        await is(attempt, 'ann', [6, 7], { passwd, group });
        await is(attempt, 'ann:g', [6, 3], { passwd, group });
      },
    },
    {
      id: 'unknown',
      async run(attempt) {
        await isUnknown(attempt, 'eve');
        await isUnknown(attempt, 'ann:eve');
        await isUnknown(attempt, '-1');
        await isUnknown(attempt, '1e3');
        await isUnknown(attempt, 'ann:0x10');
      },
    },
    {
      id: 'two-colons',
      async run(attempt) {
        await isUnknown(attempt, 'ann:users:wheel');
        await isUnknown(attempt, '0:0:0');
        await isUnknown(attempt, 'ann:users:');
      },
    },
    {
      id: 'too-large',
      async run(attempt) {
        await isUnknown(attempt, '2147483648');
        await isUnknown(attempt, '4294967296');
        await isUnknown(attempt, '0:4294967296');
        await isUnknown(attempt, '99999999999999999999');
      },
    },
    {
      id: 'a-real-process',
      needs: 'kernel',
      async run(attempt) {
        tellFiles(attempt, {});
        const outcome = (await attempt.drive('become', 'become', { user: 'ann', ...FILES })) as {
          readonly pid?: number;
          readonly failed?: string;
        };
        attempt.holds(outcome.failed === undefined, 'goes-through', outcome.failed ?? '');
        const witness = await Witness.of(attempt, outcome.pid);
        attempt.equal(witness.field('Uid'), Array<string>(4).fill('1000'), 'Uid');
        attempt.equal(witness.field('Gid'), Array<string>(4).fill('100'), 'Gid');
        attempt.equal(witness.field('Groups').filter(Boolean), ['10', '29'], 'Groups');
      },
    },
    {
      id: 'any-user',
      async run(attempt) {
        for (let round = 0; round < 30; round += 1) {
          await attempt.agrees('resolveUser', randomUser(), randomPasswd(), randomGroup());
        }
      },
    },
  ],
  async show(attempt) {
    await is(attempt, 'ann', [1000, 100, 10, 29]);
    await is(attempt, 'ann:wheel', [1000, 10]);
  },
};

const NAMES = ['ann', 'bob', '12', 'cy'];

/** Never one that is nowhere: a name that may not be there comes as a number. */
function randomUser(): string {
  return `${one('', '0', '12', '1000', '77', 'last')}${one('', '', ':', ':5', ':last')}`;
}

function randomPasswd(): string {
  const line = (): string =>
    `${one(...NAMES)}:x:${one('0', '12', '1000', 'y')}:${random(99)}::/:/bin/sh\n`;
  return `${several(5, line)}last:x:77:78::/:/bin/sh\n`;
}

function randomGroup(): string {
  const member = (): string => `${one(...NAMES, 'last')},`;
  const line = (): string => `g${random(9)}:x:${one('', '5', '6', '7')}:${several(4, member)}\n`;
  return `${several(6, line)}last:x:8:last\n`;
}

function several(below: number, make: () => string): string {
  return Array.from({ length: random(below) }, make).join('');
}

function one(...all: readonly string[]): string {
  return all[random(all.length)] ?? '';
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}
