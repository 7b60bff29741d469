import type { Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';

interface Plan {
  readonly create: readonly { readonly type: string }[];
  readonly join: readonly {
    readonly kind: { readonly type: string };
    path: string;
    source: string;
  }[];
  readonly mustFork: boolean;
}

async function plan(attempt: Attempt, ...list: { type: string; path?: string }[]): Promise<Plan> {
  return (await attempt.call('planNamespaces', list)) as Plan;
}

const types = (kinds: readonly { readonly type: string }[]): string[] =>
  kinds.map(({ type }) => type);

export const exercise: Exercise = {
  id: '01.1',
  points: 10,
  checks: [
    {
      id: 'not-in-the-list',
      async run(attempt) {
        const nothing = await plan(attempt);
        attempt.equal(types(nothing.create), [], 'create');
        attempt.equal(nothing.join, [], 'join');
      },
    },
    {
      id: 'make-or-join',
      async run(attempt) {
        const made = await plan(attempt, { type: 'uts' }, { type: 'ipc', path: '/proc/7/ns/ipc' });
        attempt.equal(types(made.create), ['uts'], 'create');
        attempt.equal(types(made.join.map(({ kind }) => kind)), ['ipc'], 'join');
      },
    },
    {
      id: 'empty-path',
      async run(attempt) {
        const made = await plan(attempt, { type: 'network', path: '' });
        attempt.equal(types(made.create), ['network'], 'create');
        attempt.equal(made.join, [], 'join');
      },
    },
    {
      id: 'order-of-kinds',
      async run(attempt) {
        const made = await plan(attempt, { type: 'pid' }, { type: 'mount' }, { type: 'user' });
        attempt.equal(types(made.create), ['user', 'mount', 'pid'], 'create');
        const [net, user] = ['/run/netns/a', '/proc/7/ns/user'];
        const joined = await plan(
          attempt,
          { type: 'network', path: net },
          { type: 'user', path: user },
        );
        attempt.equal(
          joined.join.map((entry) => entry.path),
          [user, net],
          'join[].path',
        );
      },
    },
    {
      id: 'source',
      async run(attempt) {
        const made = await plan(
          attempt,
          { type: 'pid' },
          { type: 'network', path: '/run/netns/a' },
          { type: 'user', path: '/proc/7/ns/user' },
        );
        attempt.equal(
          made.join.map(({ source }) => source),
          ['/linux/namespaces/2/path', '/linux/namespaces/1/path'],
          'join[].source',
        );
      },
    },
    {
      id: 'must-fork',
      async run(attempt) {
        attempt.equal(
          (await plan(attempt, { type: 'mount' }, { type: 'uts' })).mustFork,
          false,
          'mustFork',
        );
        attempt.equal((await plan(attempt, { type: 'pid' })).mustFork, true, 'mustFork');
      },
    },
    {
      id: 'must-fork-to-join',
      async run(attempt) {
        attempt.equal(
          (await plan(attempt, { type: 'pid', path: '/proc/7/ns/pid' })).mustFork,
          true,
          'mustFork',
        );
      },
    },
    {
      id: 'must-fork-for-time',
      async run(attempt) {
        attempt.equal((await plan(attempt, { type: 'time' })).mustFork, true, 'mustFork');
        const joined = await plan(attempt, { type: 'time', path: '/proc/7/ns/time' });
        attempt.equal(joined.mustFork, true, 'mustFork');
      },
    },
    {
      id: 'any-list',
      async run(attempt) {
        for (let round = 0; round < 20; round += 1) {
          await attempt.agrees('planNamespaces', randomList());
        }
      },
    },
  ],
  async show(attempt) {
    await plan(
      attempt,
      { type: 'pid' },
      { type: 'mount' },
      { type: 'network', path: '/run/netns/a' },
    );
  },
};

const ALL = ['user', 'mount', 'uts', 'ipc', 'network', 'pid', 'cgroup', 'time'];

function randomList(): { type: string; path?: string }[] {
  return ALL.map((type) => ({ type, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, Math.floor(Math.random() * 9))
    .map(({ type }) => {
      const choice = Math.floor(Math.random() * 3);
      if (choice === 0) return { type };
      return { type, path: choice === 1 ? '' : `/proc/${Math.ceil(Math.random() * 999)}/ns/x` };
    });
}
