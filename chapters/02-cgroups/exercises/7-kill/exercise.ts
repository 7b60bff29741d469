import path from 'node:path';
import { killAll } from 'coracle/cgroups';
import { named, show, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { GradeCgroup } from '../cgroup.ts';
import { tryKill, type Outcome, type Scene } from './container.ts';

type Signal = NodeJS.Signals | number;

async function kill(attempt: Attempt, scene: Scene, signal: Signal): Promise<Outcome> {
  const words = named(`target = ${show(scene)}; killAll(target, ${show(signal)})`, scene);
  return (await attempt.drive(words, 'kill', { scene, signal })) as Outcome;
}

/** Fails unless exactly this is done with the container, in this order, and nothing is thrown. */
async function does(
  attempt: Attempt,
  scene: Scene,
  signal: Signal,
  ...done: string[]
): Promise<void> {
  attempt.equal(await kill(attempt, scene, signal), { done });
}

/** Runs the script in a cgroup of this machine, and has the learner's function signal it. */
async function endReal(
  attempt: Attempt,
  step: string,
  script: string,
  signal: Signal,
): Promise<void> {
  using grade = new GradeCgroup();
  const { paths } = grade.cgroup;
  await attempt.drive(step, 'end', { paths, script, signal });
  const left = await grade.leftInside();
  const isFrozen = grade.cgroup.isFrozen();
  attempt.evidence.push(`cgroup.procs  ${left === 0 ? '' : 'PID…'}`, `isFrozen  ${isFrozen}`);
  attempt.holds(left === 0, 'nobody', 'PID…');
  attempt.equal(isFrozen, false, 'isFrozen');
}

export const exercise: Exercise = {
  id: '02.7',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'at-once',
      async run(attempt) {
        await does(attempt, { killsAtOnce: true }, 'SIGKILL', 'killAtOnce');
        await does(attempt, { killsAtOnce: true }, 9, 'killAtOnce');
      },
    },
    {
      id: 'freeze-send-thaw',
      async run(attempt) {
        const sent = ['send 11 SIGTERM', 'send 12 SIGTERM'];
        await does(attempt, {}, 'SIGTERM', 'freeze', 'processes', ...sent, 'thaw');
      },
    },
    {
      id: 'not-at-once',
      async run(attempt) {
        const sent = ['send 11 SIGKILL', 'send 12 SIGKILL'];
        const all = ['killAtOnce', 'freeze', 'processes', ...sent, 'thaw'];
        await does(attempt, {}, 'SIGKILL', ...all);
      },
    },
    {
      id: 'thaws-in-any-case',
      async run(attempt) {
        const { done, thrown } = await kill(attempt, { refuses: 11 }, 'SIGTERM');
        attempt.equal(done.at(-1), 'thaw', 'done.at(-1)');
        attempt.equal(thrown, 'EPERM', 'thrown');
      },
    },
    {
      id: 'stays-paused',
      async run(attempt) {
        const sent = ['send 11 SIGTERM', 'send 12 SIGTERM'];
        await does(attempt, { frozen: true }, 'SIGTERM', 'processes', ...sent);
      },
    },
    {
      id: 'paused-and-killed',
      async run(attempt) {
        const sent = ['send 11 SIGKILL', 'send 12 SIGKILL'];
        await does(
          attempt,
          { frozen: true },
          'SIGKILL',
          'killAtOnce',
          'processes',
          ...sent,
          'thaw',
        );
      },
    },
    {
      id: 'never-freezes',
      async run(attempt) {
        const scene = {
          neverFreezes: true,
          lists: [
            [11, 12],
            [11, 12, 13],
            [12, 13],
          ],
        };
        await does(
          attempt,
          scene,
          'SIGTERM',
          'freeze',
          'processes',
          'send 11 SIGTERM',
          'send 12 SIGTERM',
          'processes',
          'send 13 SIGTERM',
          'processes',
        );
      },
    },
    {
      id: 'fork-bomb',
      async run(attempt) {
        const { done } = await kill(attempt, { neverFreezes: true, bomb: true }, 'SIGTERM');
        const looks = done.filter((each) => each === 'processes').length;
        attempt.equal(looks, 20, 'processes()');
      },
    },
    {
      id: 'any-container',
      async run(attempt) {
        for (let round = 0; round < 30; round += 1) {
          const [scene, signal] = [randomScene(), pick<Signal>(['SIGKILL', 9, 'SIGTERM', 10])];
          const seen = await kill(attempt, scene, signal);
          attempt.equal(seen, tryKill(killAll, scene, signal));
        }
      },
    },
    {
      id: 'everyone-ends',
      needs: 'kernel',
      run: (attempt) =>
        endReal(
          attempt,
          'sleepers',
          'for i in 1 2 3 4; do sleep 60 >&- & done; echo ready; exec sleep 60',
          'SIGKILL',
        ),
    },
    {
      id: 'signal-arrives',
      needs: 'kernel',
      run: (attempt) =>
        endReal(
          attempt,
          'handler',
          "trap 'exit 0' USR1; echo ready; while :; do sleep 0.05 || :; done",
          'SIGUSR1',
        ),
    },
  ],
  async show(attempt) {
    await kill(attempt, {}, 'SIGTERM');
    await kill(
      attempt,
      {
        neverFreezes: true,
        lists: [
          [11, 12],
          [11, 12, 13],
        ],
      },
      'SIGTERM',
    );
  },
};

function randomScene(): Scene {
  const sometimes = (): boolean => Math.random() < 0.4;
  return {
    ...(sometimes() && { killsAtOnce: true }),
    ...(sometimes() && { frozen: true }),
    ...(sometimes() && { neverFreezes: true }),
    ...(sometimes() && { lists: [[], [21, 22], [22, 21, 23], [24]].slice(pick([0, 1, 2])) }),
    ...(Math.random() < 0.2 && { refuses: 12 }),
  };
}

function pick<Item>(items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(Math.random() * items.length)] ?? items[0];
}
