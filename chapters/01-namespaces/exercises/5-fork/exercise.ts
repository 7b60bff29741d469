import path from 'node:path';
import { named, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { Witness } from '../../../../tests/grader/kernel.ts';
import type { ProgramView } from '../../../../tests/grader/learner/protocol.ts';

const CONTROL = 3;

/** `struct clone_args` as {@link appendFork} gets it: a block of 11 words. */
const CLONE_ARGS = named('cloneArgs', cloneArgs(88));

function cloneArgs(size: number): object {
  const words = Array<number>(size / 8).fill(0);
  return { kind: 'words', size, words, shown: '{clone_args}' };
}

const fork = (attempt: Attempt, controlFd: number = CONTROL): Promise<ProgramView> =>
  attempt.program('appendFork', controlFd, undefined);

interface Told {
  readonly starter: number;
  readonly child: number | undefined;
  readonly ready: number;
  readonly ended: number | undefined;
}

/** One process went on, and one ended well. */
async function really(attempt: Attempt, step: string, newPidNamespace: boolean): Promise<Told> {
  const told = (await attempt.drive(step, 'fork', newPidNamespace)) as Told;
  attempt.holds(told.ready < 2, 'one-goes-on', attempt.say('both-go-on'));
  attempt.holds(told.ready > 0, 'one-goes-on', attempt.say('both-end'));
  attempt.equal(told.ended, 0, attempt.say('exit-status'));
  attempt.holds((told.child ?? 0) > 0, 'a-pid', String(told.child));
  return told;
}

export const exercise: Exercise = {
  id: '01.5',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'sibling',
      async run(attempt) {
        const { calls } = await fork(attempt);
        const [call] = calls.find((each) => each.startsWith('clone'))?.split('   ') ?? [];
        attempt.equal(call, 'clone(CLONE_PARENT|SIGCHLD, NULL, NULL, NULL, NULL)');
      },
    },
    {
      id: 'tells-its-pid',
      async run(attempt) {
        const program = await fork(attempt);
        attempt.inOrder(program, 'clone(', 'write(3, {notice 2, value}, 16)');
        const clone = program.calls.find((call) => call.startsWith('clone(')) ?? '—';
        attempt.holds(clone.includes('=>{notice 2, value}+8'), 'stores', clone);
      },
    },
    {
      id: 'old-one-ends',
      async run(attempt) {
        attempt.inOrder(await fork(attempt), 'clone(', 'write(', 'exit_group(0)');
      },
    },
    {
      id: 'child-skips',
      async run(attempt) {
        const { calls } = await fork(attempt);
        const [first = '—'] = calls;
        attempt.holds(first.includes(`zero→${calls.length}`), 'skips-both', first);
      },
    },
    {
      id: 'into-a-cgroup',
      async run(attempt) {
        const { calls } = await attempt.program('appendFork', CONTROL, CLONE_ARGS);
        const [call, ...rest] = (calls[0] ?? '').split('   ');
        attempt.equal(call, 'clone3({clone_args}, 88)', 'calls[0]');
        attempt.equal(rest, ['=>{notice 2, value}+8', 'zero→3'], 'calls[0]');
      },
    },
    {
      id: 'any-socket',
      async run(attempt) {
        for (let round = 0; round < 5; round += 1) {
          const controlFd = 3 + Math.floor(Math.random() * 100);
          await attempt.sameProgram(await fork(attempt, controlFd));
          const size = 64 + 8 * Math.floor(Math.random() * 4);
          const args = named(`cloneArgs (${size})`, cloneArgs(size));
          await attempt.sameProgram(await attempt.program('appendFork', controlFd, args));
        }
      },
    },
    {
      id: 'goes-on-as-its-child',
      needs: 'kernel',
      async run(attempt) {
        const told = await really(attempt, 'fork', false);
        const child = await Witness.of(attempt, told.child);
        const starter = await Witness.of(attempt, told.starter, 'STARTER');
        const isSibling = child.field('PPid')[0] === starter.field('Pid')[0];
        attempt.holds(isSibling, 'parent', attempt.say('another-parent'));
      },
    },
    {
      id: 'is-process-one',
      needs: 'kernel',
      async run(attempt) {
        const { child } = await really(attempt, 'fork-in-namespace', true);
        const witness = await Witness.of(attempt, child);
        const numbers = witness.field('NSpid');
        attempt.equal(numbers.slice(2), ['1'], attempt.say('third-number'));
        attempt.holds(witness.isElsewhere('pid'), 'elsewhere', witness.namespace('pid'));
      },
    },
  ],
};
