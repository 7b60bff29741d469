import type { Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';

async function means(attempt: Attempt, name: string, meaning: object): Promise<void> {
  attempt.equal(await attempt.call('readOciName', name), meaning);
}

async function isRefused(attempt: Attempt, name: string): Promise<void> {
  const thrown = await attempt.throws('refused', 'readOciName', name);
  attempt.hasCode(thrown, 'OVERLAY_BAD_CONTENT');
}

export const exercise: Exercise = {
  id: '03.3',
  points: 10,
  checks: [
    {
      id: 'file',
      async run(attempt) {
        for (const name of ['passwd', '.hidden', '.wh', '.whatever', 'a.wh.b']) {
          await means(attempt, name, { kind: 'file' });
        }
      },
    },
    {
      id: 'whiteout',
      async run(attempt) {
        await means(attempt, '.wh.passwd', { kind: 'whiteout', name: 'passwd' });
        await means(attempt, '.wh..hidden', { kind: 'whiteout', name: '.hidden' });
        await means(attempt, '.wh.a.wh.b', { kind: 'whiteout', name: 'a.wh.b' });
      },
    },
    {
      id: 'opaque',
      async run(attempt) {
        await means(attempt, '.wh..wh..opq', { kind: 'opaque' });
      },
    },
    {
      id: 'left-over',
      async run(attempt) {
        for (const name of ['.wh..wh.plnk', '.wh..wh.aufs', '.wh..wh..opq2', '.wh..wh.']) {
          await means(attempt, name, { kind: 'ignored' });
        }
      },
    },
    {
      id: 'names-nothing',
      async run(attempt) {
        await isRefused(attempt, '.wh.');
      },
    },
    {
      id: 'leads-out',
      async run(attempt) {
        await isRefused(attempt, '.wh..');
        await isRefused(attempt, '.wh...');
        await isRefused(attempt, '.wh.../etc');
        await means(attempt, '.wh...x', { kind: 'whiteout', name: '..x' });
      },
    },
    {
      id: 'path',
      async run(attempt) {
        attempt.equal(await attempt.call('whiteoutPath', 'motd'), '.wh.motd');
        attempt.equal(await attempt.call('whiteoutPath', 'etc/motd'), 'etc/.wh.motd');
        attempt.equal(await attempt.call('whiteoutPath', 'usr/lib/lib'), 'usr/lib/.wh.lib');
      },
    },
    {
      id: 'any-name',
      async run(attempt) {
        for (let round = 0; round < 20; round += 1) {
          const name = randomName();
          await attempt.agrees('readOciName', `.wh.${name}`);
          await attempt.agrees('readOciName', name);
          await attempt.agrees('whiteoutPath', `${name}/${name}/${name}`);
        }
      },
    },
  ],
};

/** Never one that is refused. */
function randomName(): string {
  const parts = ['.wh.', '.', 'opq', 'wh', 'x', 'ü'];
  const length = Math.floor(Math.random() * 4);
  const name = Array.from({ length }, () => parts[Math.floor(Math.random() * parts.length)]);
  return `${name.join('')}y`;
}
