import path from 'node:path';
import type { DeviceList, DeviceStep } from 'coracle/cgroups';
import { named, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { GradeCgroup } from '../cgroup.ts';
import { shownSteps, stepsOf, textOf } from '../rules.ts';

/** Folds the steps and returns the list. */
async function fold(attempt: Attempt, ...steps: string[]): Promise<DeviceList> {
  const words = named(shownSteps(steps), stepsOf(...steps));
  return (await attempt.call('foldDeviceRules', words)) as DeviceList;
}

/** Fails unless the list of the steps has this default and these exceptions, in this order. */
async function holds(
  attempt: Attempt,
  steps: string[],
  allow: boolean,
  exceptions: string[],
): Promise<void> {
  const list = await fold(attempt, ...steps);
  const seen = { allow: list.allow, exceptions: list.exceptions.map(textOf) };
  attempt.equal(seen, { allow, exceptions });
}

export const exercise: Exercise = {
  id: '02.5',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'exceptions',
      async run(attempt) {
        await holds(attempt, [], false, []);
        const both = ['allow c 1:3 rw', 'allow b 8:0 r'];
        await holds(attempt, both, false, both);
      },
    },
    {
      id: 'as-the-default',
      run: (attempt) =>
        holds(attempt, ['deny c 1:5 rwm', 'allow c 1:3 rw'], false, ['allow c 1:3 rw']),
    },
    {
      id: 'reset',
      async run(attempt) {
        await holds(attempt, ['allow c 1:3 rw', 'allow a'], true, []);
        await holds(attempt, ['allow a', 'deny b 8:0 rw', 'deny a'], false, []);
      },
    },
    {
      id: 'denied-exceptions',
      run: (attempt) =>
        holds(attempt, ['allow a', 'deny c 1:11 rw', 'allow c 1:3 r'], true, ['deny c 1:11 rw']),
    },
    {
      id: 'same-devices',
      async run(attempt) {
        const steps = ['allow c 1:3 r', 'allow c 1:5 r', 'allow c 1:3 w'];
        await holds(attempt, steps, false, ['allow c 1:3 rw', 'allow c 1:5 r']);
        const { exceptions } = await fold(attempt, ...steps);
        attempt.equal(exceptions[0]?.source, '/devices/0', 'exceptions[0].source');
        const wider = ['allow c 1:* r', 'allow c 1:3 w'];
        await holds(attempt, wider, false, wider);
      },
    },
    {
      id: 'take-out',
      async run(attempt) {
        await holds(attempt, ['allow c 1:3 rwm', 'deny c 1:3 w'], false, ['allow c 1:3 rm']);
        await holds(attempt, ['allow a', 'deny c 1:3 rw', 'allow c 1:3 rw'], true, []);
        const wider = ['allow c 1:3 rw', 'allow c 1:5 r', 'allow c 5:0 r', 'deny c 1:* r'];
        await holds(attempt, wider, false, ['allow c 1:3 w', 'allow c 5:0 r']);
      },
    },
    {
      id: 'hole',
      async run(attempt) {
        for (const wide of ['allow c 1:* rwm', 'allow c *:3 w']) {
          const steps = [wide, 'deny c 1:3 w'];
          const words = named(shownSteps(steps), stepsOf(...steps));
          const { code } = await attempt.throws('cannot-punch', 'foldDeviceRules', words);
          attempt.equal(code, 'CGROUP_INVALID', 'code');
        }
      },
    },
    {
      id: 'no-hole',
      async run(attempt) {
        await holds(attempt, ['allow c 1:* r', 'deny c 1:3 w'], false, ['allow c 1:* r']);
        await holds(attempt, ['allow b 1:* rwm', 'deny c 1:3 w'], false, ['allow b 1:* rwm']);
      },
    },
    {
      id: 'steps-stay',
      async run(attempt) {
        const texts = ['allow c 1:3 r', 'allow c 1:3 w', 'deny c 1:3 r'];
        const words = named(`steps = ${shownSteps(texts)}; foldDeviceRules(steps)`, texts);
        const after = await attempt.drive(words, 'afterwards', stepsOf(...texts));
        attempt.equal((after as DeviceStep[]).map(stepText), texts, 'steps');
      },
    },
    {
      id: 'any-steps',
      async run(attempt) {
        for (let round = 0; round < 20; round += 1) {
          const texts = randomSteps();
          const words = named(shownSteps(texts), stepsOf(...texts));
          await attempt.agrees('foldDeviceRules', words);
        }
      },
    },
    {
      id: 'holds-in-the-kernel',
      needs: 'kernel',
      async run(attempt) {
        using grade = new GradeCgroup();
        const texts = ['allow c 1:3 rw', 'allow c 1:5 rw', 'deny c 1:5 w'];
        const words = named(`foldDeviceRules(${shownSteps(texts)})`, texts);
        const { paths } = grade.cgroup;
        await attempt.drive(words, 'hold', { steps: stepsOf(...texts), paths });
        attempt.steps.push(attempt.say('tries'));
        const tried = [
          'exec 3>/dev/null',
          'exec 3</dev/zero',
          'exec 3>/dev/zero',
          'exec 3</dev/full',
        ];
        attempt.equal(grade.outcomes(...tried), {
          'exec 3>/dev/null': true,
          'exec 3</dev/zero': true,
          'exec 3>/dev/zero': false,
          'exec 3</dev/full': false,
        });
      },
    },
  ],
  async show(attempt) {
    await fold(attempt, 'allow c 1:3 rw', 'allow c 1:5 rw', 'deny c 1:5 w');
  },
};

function stepText(step: DeviceStep): string {
  if ('reset' in step) return step.reset ? 'allow a' : 'deny a';
  return textOf(step);
}

/** Without holes: exceptions name one device; only what takes them out is sometimes wider. */
function randomSteps(): string[] {
  let isAllowed = false;
  return Array.from({ length: Math.floor(Math.random() * 8) }, () => {
    if (Math.random() < 0.1) {
      isAllowed = Math.random() < 0.5;
      return isAllowed ? 'allow a' : 'deny a';
    }
    const takesOut = Math.random() < 0.4;
    const verdict = takesOut === isAllowed ? 'allow' : 'deny';
    const minor = takesOut ? pick(['0', '3', '*']) : pick(['0', '3']);
    return `${verdict} ${pick(['c', 'b'])} ${pick(['1', '8'])}:${minor} ${pick(['r', 'w', 'rw', 'rwm'])}`;
  });
}

function pick(items: readonly string[]): string {
  return items[Math.floor(Math.random() * items.length)] ?? '';
}
