import path from 'node:path';
import { named, show, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { settled } from '../host.ts';

interface User {
  readonly uid: number;
  readonly gid: number;
  readonly umask?: number;
  readonly additionalGids?: readonly number[];
}

const KEEP = 'prctl(8, 1, 0, 0, 0)';
const KEEP_NO_LONGER = 'prctl(8, 0, 0, 0, 0)';

/** The calls without their notes; memory is shown as its bytes. */
async function calls(
  attempt: Attempt,
  user: User,
  mayBeDenied: boolean = false,
): Promise<string[]> {
  const lines = await operations(attempt, user, mayBeDenied);
  return lines.map((line) => line.replace(/ [?#].*$/, ''));
}

async function operations(attempt: Attempt, user: User, mayBeDenied: boolean): Promise<string[]> {
  const step = named(
    `appendUser(program, { user: ${show(user)} }, { mayBeDenied: ${mayBeDenied} })`,
    undefined,
  );
  return (await attempt.drive(step, 'operations', { user, mayBeDenied })) as string[];
}

const at = (lines: readonly string[], beginning: string): number =>
  lines.findIndex((line) => line.startsWith(beginning));

/** Ids as the kernel reads them: four bytes each, the lowest first. */
function ids(groups: readonly number[]): string {
  const list = Buffer.alloc(groups.length * 4);
  for (const [index, group] of groups.entries()) list.writeUInt32LE(group, index * 4);
  return list.toString('hex');
}

export const exercise: Exercise = {
  id: '04.4',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'all-three-ids',
      async run(attempt) {
        const lines = await calls(attempt, { uid: 1000, gid: 100 });
        attempt.holds(lines.includes('setresgid(100, 100, 100)'), 'setresgid', lines.join('\n'));
        attempt.holds(lines.includes('setresuid(1000, 1000, 1000)'), 'setresuid', lines.join('\n'));
      },
    },
    {
      id: 'user-last',
      async run(attempt) {
        const lines = await calls(attempt, { uid: 1000, gid: 100, additionalGids: [5] });
        const order = ['setgroups', 'setresgid', 'setresuid'].map((name) => at(lines, name));
        attempt.equal(
          order,
          order.toSorted((a, b) => a - b),
          'positions',
        );
      },
    },
    {
      id: 'groups-as-array',
      async run(attempt) {
        const lines = await calls(attempt, { uid: 1, gid: 2, additionalGids: [10, 70_000] });
        const setgroups = lines[at(lines, 'setgroups')];
        attempt.equal(setgroups, `setgroups(2, <${ids([10, 70_000])}>)`, 'setgroups');
      },
    },
    {
      id: 'no-groups',
      async run(attempt) {
        const lines = await calls(attempt, { uid: 1, gid: 2 });
        const setgroups = lines[at(lines, 'setgroups')] ?? '—';
        attempt.holds(setgroups.startsWith('setgroups(0, '), 'setgroups-of-none', setgroups);
      },
    },
    {
      id: 'keeps-capabilities',
      async run(attempt) {
        const lines = await calls(attempt, { uid: 1000, gid: 100 });
        const [keep, uid, noLonger] = [KEEP, 'setresuid', KEEP_NO_LONGER].map((each) =>
          at(lines, each),
        );
        attempt.holds(
          (keep ?? -1) >= 0 && (keep ?? 0) < (uid ?? 0),
          'keep-before',
          lines.join('\n'),
        );
        attempt.holds((noLonger ?? -1) > (uid ?? 0), 'no-longer-after', lines.join('\n'));
      },
    },
    {
      id: 'umask',
      async run(attempt) {
        const without = await calls(attempt, { uid: 1, gid: 1 });
        attempt.equal(without[at(without, 'umask')], 'umask(18)', 'umask');
        const asked = await calls(attempt, { uid: 1, gid: 1, umask: 0o077 });
        attempt.equal(asked[at(asked, 'umask')], 'umask(63)', 'umask');
      },
    },
    {
      id: 'umask-of-zero',
      async run(attempt) {
        const lines = await calls(attempt, { uid: 1, gid: 1, umask: 0 });
        attempt.equal(lines[at(lines, 'umask')], 'umask(0)', 'umask');
      },
    },
    {
      id: 'may-be-denied',
      async run(attempt) {
        const tolerated = (lines: readonly string[]): string[] =>
          lines
            .filter((line) => line.includes(' ?'))
            .map((line) => line.replace(/\(.*\)| #.*$/g, ''));
        const none = await operations(attempt, { uid: 1, gid: 1 }, true);
        attempt.equal(tolerated(none), ['setgroups ?EPERM'], 'tolerated');
        const some = await operations(attempt, { uid: 1, gid: 1, additionalGids: [4] }, true);
        attempt.equal(tolerated(some), [], 'tolerated');
        const root = await operations(attempt, { uid: 1, gid: 1 }, false);
        attempt.equal(tolerated(root), [], 'tolerated');
      },
    },
    {
      id: 'origin',
      async run(attempt) {
        const lines = await operations(attempt, { uid: 1, gid: 1 }, false);
        const origins = lines.map((line) => / # (.*)$/.exec(line)?.[1]);
        attempt.equal(origins, Array<string>(lines.length).fill('/process/user'), 'origins');
      },
    },
    {
      id: 'a-real-user',
      needs: 'kernel',
      async run(attempt) {
        const user = { uid: 4321, gid: 5432, additionalGids: [11, 12], umask: 0o027 };
        const witness = await settled(
          attempt,
          await attempt.drive('become', 'become', { user, mayBeDenied: false }),
        );
        attempt.equal(witness.field('Uid'), Array<string>(4).fill('4321'), 'Uid');
        attempt.equal(witness.field('Gid'), Array<string>(4).fill('5432'), 'Gid');
        attempt.equal(witness.field('Groups').filter(Boolean), ['11', '12'], 'Groups');
        attempt.equal(witness.field('Umask'), ['0027'], 'Umask');
        const permitted = BigInt(`0x${witness.field('CapPrm')[0] ?? '0'}`);
        attempt.holds(permitted !== 0n, 'still-permitted', `CapPrm ${permitted}`);
      },
    },
  ],
  async show(attempt) {
    await attempt.program(
      'appendUser',
      { user: { uid: 1000, gid: 100, additionalGids: [10] }, cwd: '/' },
      { mayBeDenied: false },
    );
  },
};
