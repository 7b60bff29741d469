import path from 'node:path';
import { named, show, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { treeOf } from '../tree.ts';

interface Entry {
  readonly kind: 'whiteout' | 'directory' | 'file';
  readonly opaque?: boolean;
  readonly redirect?: string;
}

type Layer = Readonly<Record<string, Entry>>;

const FILE: Entry = { kind: 'file' };
const DIRECTORY: Entry = { kind: 'directory' };
const OPAQUE: Entry = { kind: 'directory', opaque: true };
const WHITEOUT: Entry = { kind: 'whiteout' };
const NOTHING: Layer = {};

function renamed(redirect: string): Entry {
  return { kind: 'directory', redirect };
}

function words(name: string, layers: readonly Layer[]): ReturnType<typeof named> {
  const shown = layers.map((layer, number) => `\n  layer ${number}: ${show(layer)}`).join('');
  return named(`mergeName('${name}', ${layers.length}, look)  // look:${shown}`, undefined);
}

async function merge(
  attempt: Attempt,
  name: string,
  layers: readonly Layer[],
): Promise<{ found: number[]; asked: string[] }> {
  const answer = await attempt.drive(words(name, layers), 'merge', { name, layers });
  return answer as { found: number[]; asked: string[] };
}

const FOUND = 'layers';

export const exercise: Exercise = {
  id: '03.5',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'file',
      async run(attempt) {
        const only = await merge(attempt, 'motd', [NOTHING, { motd: FILE }]);
        attempt.equal(only.found, [1], FOUND);
        const both = await merge(attempt, 'motd', [{ motd: FILE }, { motd: FILE }]);
        attempt.equal(both.found, [0], FOUND);
        const none = await merge(attempt, 'motd', [NOTHING, { issue: FILE }]);
        attempt.equal(none.found, [], FOUND);
      },
    },
    {
      id: 'directories',
      async run(attempt) {
        const layers = [{ etc: DIRECTORY }, NOTHING, { etc: DIRECTORY }, { etc: DIRECTORY }];
        attempt.equal((await merge(attempt, 'etc', layers)).found, [0, 2, 3], FOUND);
      },
    },
    {
      id: 'whiteout',
      async run(attempt) {
        const gone = await merge(attempt, 'motd', [NOTHING, { motd: WHITEOUT }, { motd: FILE }]);
        attempt.equal(gone.found, [], FOUND);
        const anew = await merge(attempt, 'motd', [{ motd: FILE }, { motd: WHITEOUT }]);
        attempt.equal(anew.found, [0], FOUND);
        const layers = [{ var: DIRECTORY }, { var: WHITEOUT }, { var: DIRECTORY }];
        attempt.equal((await merge(attempt, 'var', layers)).found, [0], FOUND);
      },
    },
    {
      id: 'opaque',
      async run(attempt) {
        const layers = [{ var: DIRECTORY }, { var: OPAQUE }, { var: DIRECTORY }];
        attempt.equal((await merge(attempt, 'var', layers)).found, [0, 1], FOUND);
      },
    },
    {
      id: 'file-and-directory',
      async run(attempt) {
        const over = await merge(attempt, 'x', [{ x: FILE }, { x: DIRECTORY }]);
        attempt.equal(over.found, [0], FOUND);
        const layers = [{ x: DIRECTORY }, { x: FILE }, { x: DIRECTORY }];
        attempt.equal((await merge(attempt, 'x', layers)).found, [0], FOUND);
      },
    },
    {
      id: 'redirect',
      async run(attempt) {
        const layers = [{ new: renamed('old') }, { new: DIRECTORY, old: DIRECTORY }];
        attempt.equal(await merge(attempt, 'new', layers), {
          found: [0, 1],
          asked: ['0 new', '1 old'],
        });
        const far = [{ new: renamed('/srv/old') }, NOTHING, { '/srv/old': DIRECTORY }];
        attempt.equal(await merge(attempt, 'new', far), {
          found: [0, 2],
          asked: ['0 new', '1 /srv/old', '2 /srv/old'],
        });
      },
    },
    {
      id: 'redirect-in-a-path',
      async run(attempt) {
        const layers = [
          { here: renamed('/srv/app/b') },
          { '/srv/app/b': renamed('a') },
          { '/srv/app/a': DIRECTORY },
        ];
        attempt.equal(await merge(attempt, 'here', layers), {
          found: [0, 1, 2],
          asked: ['0 here', '1 /srv/app/b', '2 /srv/app/a'],
        });
        const away = [
          { here: renamed('/srv/app/b') },
          { '/srv/app/b': renamed('/opt/c') },
          { '/opt/c': DIRECTORY },
        ];
        attempt.equal(await merge(attempt, 'here', away), {
          found: [0, 1, 2],
          asked: ['0 here', '1 /srv/app/b', '2 /opt/c'],
        });
      },
    },
    {
      id: 'asks-no-more',
      async run(attempt) {
        const { asked } = await merge(attempt, 'x', [{ x: FILE }, { x: FILE }]);
        attempt.equal(asked, ['0 x'], 'asked');
        const gone = await merge(attempt, 'x', [{ x: DIRECTORY }, { x: WHITEOUT }, NOTHING]);
        attempt.equal(gone.asked, ['0 x', '1 x'], 'asked');
        const both = { ...OPAQUE, redirect: 'y' };
        const opaque = await merge(attempt, 'x', [{ x: both }, { x: DIRECTORY, y: DIRECTORY }]);
        attempt.equal(opaque.asked, ['0 x'], 'asked');
      },
    },
    {
      id: 'as-the-kernel',
      needs: 'kernel',
      async run(attempt) {
        const mine = (await attempt.drive('mount', 'mountThree')) as string[];
        const kernel = await treeOf(attempt, '/dev/shm/merged');
        const names = kernel.map((line) => line.replace(/: .*/, ''));
        attempt.equal(mine.join(' '), names.join(' '), 'visible');
      },
    },
    {
      id: 'any-layers',
      async run(attempt) {
        for (let round = 0; round < 20; round += 1) {
          const layers = randomLayers();
          await attempt.driveAgrees(words('a', layers), 'merge', { name: 'a', layers });
        }
      },
    },
  ],
  async show(attempt) {
    await merge(attempt, 'etc', [{ etc: DIRECTORY }, { etc: OPAQUE }, { etc: DIRECTORY }]);
  },
};

function randomLayers(): Layer[] {
  const entries = [
    DIRECTORY,
    DIRECTORY,
    DIRECTORY,
    renamed('b'),
    renamed('/a/b'),
    OPAQUE,
    FILE,
    WHITEOUT,
  ];
  const entry = (): Entry => entries[Math.floor(Math.random() * entries.length)] ?? FILE;
  const length = 1 + Math.floor(Math.random() * 5);
  return Array.from({ length }, () => {
    const names = ['a', 'b', '/a/b'].filter(() => Math.random() < 0.7);
    return Object.fromEntries(names.map((name) => [name, entry()]));
  });
}
