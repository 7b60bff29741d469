import path from 'node:path';
import { named, show, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';

interface Change {
  readonly kind: 'add' | 'modify' | 'delete';
  readonly path: string;
  readonly source?: string;
  readonly opaque?: boolean;
  readonly linkTo?: string;
}

interface Entry {
  readonly kind: string;
  readonly path: string;
}

function words(changes: readonly Change[]): ReturnType<typeof named> {
  return named(`[...ociEntries(${show(changes)})]`, undefined);
}

async function entries(attempt: Attempt, ...changes: Change[]): Promise<readonly Entry[]> {
  return (await attempt.drive(words(changes), 'entries', changes)) as Entry[];
}

/** `whiteout etc/.wh.motd`. */
async function lines(attempt: Attempt, ...changes: Change[]): Promise<string[]> {
  return (await entries(attempt, ...changes)).map((entry) => `${entry.kind} ${entry.path}`);
}

export const exercise: Exercise = {
  id: '03.4',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'content',
      async run(attempt) {
        const added: Change = { kind: 'add', path: 'etc/new', source: '/upper/etc/new' };
        const link: Change = { kind: 'modify', path: 'etc/two', linkTo: 'etc/new' };
        attempt.equal(await entries(attempt), []);
        attempt.equal(await entries(attempt, added, link), [
          { kind: 'content', path: 'etc/new', change: added },
          { kind: 'content', path: 'etc/two', change: link },
        ]);
      },
    },
    {
      id: 'whiteout',
      async run(attempt) {
        const deleted: Change = { kind: 'delete', path: 'etc/motd' };
        attempt.equal(await entries(attempt, deleted, { kind: 'delete', path: 'var' }), [
          { kind: 'whiteout', path: 'etc/.wh.motd' },
          { kind: 'whiteout', path: '.wh.var' },
        ]);
      },
    },
    {
      id: 'opaque',
      async run(attempt) {
        const directory: Change = { kind: 'modify', path: 'var/cache', opaque: true };
        attempt.equal(await entries(attempt, directory), [
          { kind: 'content', path: 'var/cache', change: directory },
          { kind: 'whiteout', path: 'var/cache/.wh..wh..opq' },
        ]);
        attempt.equal(await lines(attempt, { kind: 'modify', path: 'srv', opaque: false }), [
          'content srv',
        ]);
      },
    },
    {
      id: 'order',
      async run(attempt) {
        const changes: Change[] = [
          { kind: 'modify', path: 'var', opaque: true },
          { kind: 'add', path: 'var/cache', opaque: true },
          { kind: 'add', path: 'var/cache/a' },
          { kind: 'delete', path: 'tmp/x' },
          { kind: 'add', path: 'bin' },
        ];
        attempt.equal(await lines(attempt, ...changes), [
          'content var',
          'whiteout var/.wh..wh..opq',
          'content var/cache',
          'whiteout var/cache/.wh..wh..opq',
          'content var/cache/a',
          'whiteout tmp/.wh.x',
          'content bin',
        ]);
      },
    },
    {
      id: 'impossible-name',
      async run(attempt) {
        const impossible: Change[] = [
          { kind: 'add', path: '.wh.x' },
          { kind: 'modify', path: 'a/.wh..wh..opq' },
          { kind: 'delete', path: 'a/.wh.x' },
        ];
        for (const change of impossible) {
          const refused = await attempt.drive(words([change]), 'refusal', [change]);
          attempt.equal(refused, { code: 'OVERLAY_BAD_CONTENT' }, 'thrown');
        }
      },
    },
    {
      id: 'possible-name',
      async run(attempt) {
        const changes: Change[] = [
          { kind: 'add', path: 'a.wh.b' },
          { kind: 'add', path: '.whatever' },
          { kind: 'add', path: 'x/.wh.d/file' },
        ];
        attempt.equal(await lines(attempt, ...changes), [
          'content a.wh.b',
          'content .whatever',
          'content x/.wh.d/file',
        ]);
      },
    },
    {
      id: 'one-by-one',
      async run(attempt) {
        const taken = Number(await attempt.drive('first', 'takenForTheFirst'));
        attempt.holds(taken <= 2, 'few', String(taken));
      },
    },
    {
      id: 'any-changes',
      async run(attempt) {
        for (let round = 0; round < 20; round += 1) {
          const changes = randomChanges();
          await attempt.driveAgrees(words(changes), 'entries', changes);
        }
      },
    },
  ],
  async show(attempt) {
    await entries(
      attempt,
      { kind: 'modify', path: 'etc' },
      { kind: 'delete', path: 'etc/motd' },
      { kind: 'modify', path: 'var', opaque: true },
    );
  },
};

function randomChanges(): Change[] {
  const names = ['a', 'b.wh.', '.hidden', 'ü'];
  const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;
  const length = Math.floor(Math.random() * 5);
  return Array.from({ length }, () => {
    const kind = pick(['add', 'modify', 'delete'] as const);
    const at = Math.random() < 0.5 ? pick(names) : `${pick(names)}/${pick(names)}`;
    const opaque = kind !== 'delete' && Math.random() < 0.3;
    return { kind, path: at, ...(opaque && { opaque }) };
  });
}
