import path from 'node:path';
import { named, show, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { Witness } from '../../../../tests/grader/kernel.ts';
import type { ProgramView } from '../../../../tests/grader/learner/protocol.ts';

interface Entry {
  readonly type: string;
  readonly path?: string;
}

const NET: Entry = { type: 'network', path: '/run/netns/a' };
const UTS: Entry = { type: 'uts', path: '/proc/7/ns/uts' };
const USER: Entry = { type: 'user', path: '/proc/7/ns/user' };

/** @param joinFds in the order of the plan: that of NAMESPACE_KINDS, in which user comes first. */
function joins(
  attempt: Attempt,
  list: readonly Entry[],
  joinFds: readonly number[],
  userFirst: boolean = false,
): Promise<ProgramView> {
  const plan = `planNamespaces(${show(list)})`;
  const call = `appendJoins(program, ${plan}, ${show(joinFds)}, ${userFirst})`;
  return attempt.driveProgram(named(call, undefined), 'joins', { list, joinFds, userFirst });
}

/** `setns(7, CLONE_NEWNET)` → `CLONE_NEWNET`, of each setns. */
function kinds({ calls }: ProgramView): string[] {
  return calls.flatMap((call) => /^setns\(\S+, (\w+)\)/.exec(call)?.[1] ?? []);
}

async function joinAnother(
  attempt: Attempt,
  step: string,
  types: readonly string[],
): Promise<{ other: Witness; joined: Witness }> {
  const { other, joined } = (await attempt.drive(step, 'joinAnother', types)) as {
    other: number;
    joined: { pid?: number; failed?: string };
  };
  attempt.holds(joined.failed === undefined, 'no-failure', joined.failed ?? '');
  return {
    other: await Witness.of(attempt, other, 'OTHER'),
    joined: await Witness.of(attempt, joined.pid),
  };
}

function isWith(attempt: Attempt, joined: Witness, other: Witness, file: string): void {
  const [mine, theirs] = [joined.namespace(file), other.namespace(file)];
  attempt.holds(mine === theirs, `same-${file}`, mine);
}

export const exercise: Exercise = {
  id: '01.2',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'by-descriptor',
      async run(attempt) {
        const { calls } = await joins(attempt, [NET], [7]);
        attempt.equal(calls[0], 'setns(7, CLONE_NEWNET)', 'calls[0]');
      },
    },
    {
      id: 'each-join',
      async run(attempt) {
        const { calls } = await joins(attempt, [{ type: 'mount' }, UTS, NET], [6, 7]);
        const entering = calls.filter((call) => /^(setns|unshare)/.test(call));
        attempt.equal(entering, ['setns(6, CLONE_NEWUTS)', 'setns(7, CLONE_NEWNET)']);
      },
    },
    {
      id: 'user-last',
      async run(attempt) {
        const program = await joins(attempt, [NET, UTS, USER], [5, 6, 7]);
        attempt.equal(
          kinds(program),
          ['CLONE_NEWUTS', 'CLONE_NEWNET', 'CLONE_NEWUSER'],
          attempt.say('kinds'),
        );
      },
    },
    {
      id: 'user-first',
      async run(attempt) {
        const program = await joins(attempt, [NET, UTS, USER], [5, 6, 7], true);
        attempt.equal(
          kinds(program),
          ['CLONE_NEWUSER', 'CLONE_NEWUTS', 'CLONE_NEWNET'],
          attempt.say('kinds'),
        );
      },
    },
    {
      id: 'own-descriptor',
      async run(attempt) {
        const program = await joins(attempt, [NET, UTS, USER], [5, 6, 7]);
        attempt.inOrder(program, 'setns(6, CLONE_NEWUTS)', 'setns(7, CLONE_NEWNET)');
        attempt.inOrder(program, 'setns(5, CLONE_NEWUSER)');
      },
    },
    {
      id: 'becomes-root',
      async run(attempt) {
        const program = await joins(attempt, [NET, USER], [5, 6], true);
        const root = ['setresgid(0, 0, 0)', 'setresuid(0, 0, 0)'];
        attempt.inOrder(program, 'setns(5, CLONE_NEWUSER)', ...root, 'setns(6, CLONE_NEWNET)');
        const { calls } = await joins(attempt, [NET], [5]);
        attempt.equal(calls, ['setns(5, CLONE_NEWNET)']);
      },
    },
    {
      id: 'origin',
      async run(attempt) {
        const { lines } = await joins(attempt, [{ type: 'mount' }, UTS, NET], [5, 6]);
        attempt.equal(
          lines.map((line) => line.replace(/^.*# /, '')),
          ['/linux/namespaces/1/path', '/linux/namespaces/2/path'],
          attempt.say('origins'),
        );
      },
    },
    {
      id: 'any-plan',
      async run(attempt) {
        for (let round = 0; round < 10; round += 1) {
          const list = randomList();
          const fds = list.map((_, index) => 10 + ((index * 7) % 20));
          await attempt.sameProgram(await joins(attempt, list, fds, Math.random() < 0.5));
        }
      },
    },
    {
      id: 'is-with-the-other',
      needs: 'kernel',
      async run(attempt) {
        const { other, joined } = await joinAnother(attempt, 'two', ['uts', 'network']);
        attempt.holds(other.isElsewhere('net'), 'elsewhere', other.namespace('net'));
        isWith(attempt, joined, other, 'uts');
        isWith(attempt, joined, other, 'net');
      },
    },
    {
      id: 'is-root-there',
      needs: 'kernel',
      async run(attempt) {
        const { other, joined } = await joinAnother(attempt, 'user', ['user', 'uts']);
        isWith(attempt, joined, other, 'uts');
        isWith(attempt, joined, other, 'user');
        attempt.equal(joined.field('Uid')[0], '100000', 'Uid');
      },
    },
  ],
  async show(attempt) {
    await joins(attempt, [NET, UTS, USER], [5, 6, 7]);
  },
};

const ALL = ['user', 'mount', 'uts', 'ipc', 'network', 'pid', 'cgroup', 'time'];

/** Some kinds in any order, each to be joined. */
function randomList(): Entry[] {
  return ALL.map((type) => ({ type, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, Math.floor(Math.random() * 9))
    .map(({ type }, index) => ({ type, path: `/proc/${index + 2}/ns/x` }));
}
