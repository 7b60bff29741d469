import path from 'node:path';
import { named, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { treeOf } from '../tree.ts';
import { brief } from './brief.ts';

async function splits(attempt: Attempt, text: string, names: readonly string[]): Promise<void> {
  attempt.equal(await attempt.call('splitEntryPath', text), names);
}

async function isRefused(attempt: Attempt, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    const thrown = await attempt.throws('refused', 'splitEntryPath', text);
    attempt.hasCode(thrown, 'BAD_ARCHIVE');
  }
}

/** The same for a path that is too long to be shown; `undefined` for one that is refused. */
async function long(
  attempt: Attempt,
  text: string,
  names: readonly string[] | undefined,
): Promise<void> {
  const step = named(`splitEntryPath(${JSON.stringify(brief(text))})`, undefined);
  const seen = await attempt.drive(step, 'split', text);
  attempt.equal(seen, names?.map(brief) ?? { throws: 'BAD_ARCHIVE' });
}

const TYPES = ['file', 'directory', 'symlink', 'link', 'char', 'block', 'fifo'];
/** 21 names of 194 bytes and the slashes between them: 4094. */
const LONG = `${`${'n'.repeat(194)}/`.repeat(20)}${'n'.repeat(194)}`;

export const exercise: Exercise = {
  id: '05.3',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'names',
      async run(attempt) {
        await splits(attempt, 'etc/hosts', ['etc', 'hosts']);
        await splits(attempt, 'usr/share/doc/a b', ['usr', 'share', 'doc', 'a b']);
        await splits(attempt, 'x', ['x']);
      },
    },
    {
      id: 'the-same-path',
      async run(attempt) {
        for (const text of [
          './etc/hosts',
          'etc//hosts',
          'etc/hosts/',
          'etc/./hosts',
          '././etc/hosts/.',
        ]) {
          await splits(attempt, text, ['etc', 'hosts']);
        }
      },
    },
    {
      id: 'absolute',
      async run(attempt) {
        await splits(attempt, '/etc/hosts', ['etc', 'hosts']);
        await splits(attempt, '//etc/hosts', ['etc', 'hosts']);
      },
    },
    {
      id: 'root',
      async run(attempt) {
        for (const text of ['./', '/', '.', '']) await splits(attempt, text, []);
      },
    },
    {
      id: 'leads-out',
      async run(attempt) {
        await isRefused(attempt, '../etc/passwd', '..', '/../x', 'a/../../x', './..');
      },
    },
    {
      id: 'within',
      async run(attempt) {
        await isRefused(attempt, 'a/../b', 'a/b/..');
      },
    },
    {
      id: 'dots',
      async run(attempt) {
        await splits(attempt, 'a/.../b', ['a', '...', 'b']);
        await splits(attempt, '..data/..x/x..', ['..data', '..x', 'x..']);
        await splits(attempt, '.hidden/.', ['.hidden']);
      },
    },
    {
      id: 'nul',
      async run(attempt) {
        await isRefused(attempt, 'etc/passwd\0.txt', '\0');
      },
    },
    {
      id: 'long-name',
      async run(attempt) {
        const longest = 'n'.repeat(255);
        await long(attempt, `a/${longest}/b`, ['a', longest, 'b']);
        await long(attempt, `a/${longest}n/b`, undefined);
      },
    },
    {
      id: 'long-path',
      async run(attempt) {
        await long(attempt, `${LONG}n`, `${LONG}n`.split('/'));
        await long(attempt, `${LONG}nn`, undefined);
        await long(attempt, `${LONG}n/`, undefined);
        await long(attempt, `./${LONG}`, undefined);
      },
    },
    {
      id: 'bytes',
      async run(attempt) {
        await long(attempt, 'é'.repeat(128), undefined);
        await long(attempt, `${'é'.repeat(127)}n`, [`${'é'.repeat(127)}n`]);
        await long(attempt, '\udce9'.repeat(255), ['\udce9'.repeat(255)]);
      },
    },
    {
      id: 'create',
      async run(attempt) {
        for (const type of TYPES) {
          attempt.equal(await attempt.call('placeEntry', type, undefined), 'create');
        }
      },
    },
    {
      id: 'keep',
      async run(attempt) {
        attempt.equal(await attempt.call('placeEntry', 'directory', 'directory'), 'keep');
      },
    },
    {
      id: 'replace',
      async run(attempt) {
        attempt.equal(await attempt.call('placeEntry', 'file', 'file'), 'replace');
        attempt.equal(await attempt.call('placeEntry', 'file', 'directory'), 'replace');
        attempt.equal(await attempt.call('placeEntry', 'symlink', 'directory'), 'replace');
      },
    },
    {
      id: 'over-a-symlink',
      async run(attempt) {
        attempt.equal(await attempt.call('placeEntry', 'directory', 'symlink'), 'replace');
        attempt.equal(await attempt.call('placeEntry', 'symlink', 'symlink'), 'replace');
      },
    },
    {
      id: 'an-attack',
      needs: 'kernel',
      async run(attempt) {
        const refused = await attempt.drive(
          named(`these are unpacked in /dev/shm/image: ${ATTACK.join(', ')}`, undefined),
          'unpack',
          ATTACK,
        );
        attempt.equal(await treeOf(attempt), UNHARMED, 'files');
        attempt.equal(refused, ['../host/passwd', 'etc/../../host/passwd'], 'not-unpacked');
      },
    },
    {
      id: 'any-path',
      async run(attempt) {
        for (let round = 0; round < 30; round += 1) {
          await attempt.agrees('splitEntryPath', randomPath());
          const [type, there] = [TYPES[random(7)], TYPES[random(7)]];
          await attempt.agrees('placeEntry', type, there);
        }
      },
    },
  ],
  async show(attempt) {
    await attempt.call('splitEntryPath', './usr//bin/sh');
    await attempt.call('placeEntry', 'directory', 'symlink');
  },
};

/** The symlink is there for the entry after the next to be written through. */
const ATTACK = [
  'etc/',
  'etc/motd',
  'etc/',
  '../host/passwd',
  'etc/../../host/passwd',
  '/opt/app',
  'lib -> /dev/shm/host',
  'lib/',
  'lib/passwd',
  'opt',
];

const UNHARMED = [
  'host/',
  'host/passwd: of the host',
  'image/',
  'image/etc/',
  'image/etc/motd: of the image',
  'image/lib/',
  'image/lib/passwd: of the image',
  'image/opt: of the image',
];

/** Never one that is refused. */
function randomPath(): string {
  const parts = ['a', 'é', '.', '/', '//', '...', '..x', 'x..', '/./'];
  const text = Array.from({ length: random(8) }, () => parts[random(parts.length)]).join('');
  return text.split('/').includes('..') ? 'a' : text;
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}
