import path from 'node:path';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { treeOf } from '../tree.ts';

const raw = String.raw;

export const exercise: Exercise = {
  id: '03.1',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'separators',
      async run(attempt) {
        attempt.equal(await attempt.call('escapePath', '/srv/plain-1.0 ü'), '/srv/plain-1.0 ü');
        attempt.equal(await attempt.call('escapePath', '/a,b'), raw`/a\,b`);
        attempt.equal(await attempt.call('escapePath', '/c:d'), raw`/c\:d`);
        attempt.equal(await attempt.call('escapePath', '/a,b,c::'), raw`/a\,b\,c\:\:`);
      },
    },
    {
      id: 'backslash',
      async run(attempt) {
        attempt.equal(await attempt.call('escapePath', raw`/e\f`), raw`/e\\f`);
        attempt.equal(await attempt.call('escapePath', raw`/a\,b`), raw`/a\\\,b`);
      },
    },
    {
      id: 'back-again',
      async run(attempt) {
        attempt.equal(await attempt.call('unescapePath', raw`/a\,b\:c`), '/a,b:c');
        attempt.equal(await attempt.call('unescapePath', raw`/e\\f`), raw`/e\f`);
        attempt.equal(await attempt.call('unescapePath', raw`/e\\\,f`), raw`/e\,f`);
        attempt.equal(await attempt.call('unescapePath', raw`/e\\,f`), raw`/e\,f`);
      },
    },
    {
      id: 'whatever-follows',
      async run(attempt) {
        attempt.equal(await attempt.call('unescapePath', raw`/a\x`), '/ax');
        attempt.equal(await attempt.call('unescapePath', '/a\\\nb'), '/a\nb');
        attempt.equal(await attempt.call('unescapePath', '/a\\'), '/a\\');
      },
    },
    {
      id: 'split',
      async run(attempt) {
        attempt.equal(await attempt.call('splitEscaped', '/a:/b,1:/c', ':'), ['/a', '/b,1', '/c']);
        attempt.equal(await attempt.call('splitEscaped', '/a', ':'), ['/a']);
        attempt.equal(await attempt.call('splitEscaped', 'ro,,', ','), ['ro', '', '']);
        attempt.equal(await attempt.call('splitEscaped', '', ','), ['']);
      },
    },
    {
      id: 'protected',
      async run(attempt) {
        attempt.equal(await attempt.call('splitEscaped', raw`/a\:1:/b`, ':'), [raw`/a\:1`, '/b']);
        attempt.equal(await attempt.call('splitEscaped', raw`x=/a\,\:,ro`, ','), [
          raw`x=/a\,\:`,
          'ro',
        ]);
      },
    },
    {
      id: 'protected-backslash',
      async run(attempt) {
        attempt.equal(await attempt.call('splitEscaped', raw`/a\\:/b`, ':'), [raw`/a\\`, '/b']);
        attempt.equal(await attempt.call('splitEscaped', raw`/a\\\:/b`, ':'), [raw`/a\\\:/b`]);
      },
    },
    {
      id: 'the-kernel-reads-it',
      needs: 'kernel',
      async run(attempt) {
        await attempt.drive('mount', 'mountOdd');
        attempt.equal(await treeOf(attempt, '/dev/shm/merged'), ['one: 1', 'two: 2'], 'merged');
      },
    },
    {
      id: 'any-path',
      async run(attempt) {
        for (let round = 0; round < 20; round += 1) {
          await attempt.agrees('escapePath', randomText());
          await attempt.agrees('unescapePath', randomText());
          await attempt.agrees('splitEscaped', randomText(), round % 2 === 0 ? ',' : ':');
        }
      },
    },
  ],
  async show(attempt) {
    await attempt.call('escapePath', raw`/a,b:c\d`);
    await attempt.call('splitEscaped', raw`/a\:1:/b\\:/c`, ':');
  },
};

function randomText(): string {
  const length = Math.floor(Math.random() * 12);
  return Array.from({ length }, () => ',:\\/aü \n'.charAt(Math.floor(Math.random() * 8))).join('');
}
