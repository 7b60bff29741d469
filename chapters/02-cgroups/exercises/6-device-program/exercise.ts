import path from 'node:path';
import { assembleDeviceProgram, explainDeviceProgram } from 'coracle/cgroups';
import { named, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { GradeCgroup, unifiedOnly } from '../cgroup.ts';
import { ruleOf, shownSteps, stepsOf } from '../rules.ts';

/** Fails unless the rule's block consists of these instructions. */
async function block(attempt: Attempt, rule: string, ...expected: string[]): Promise<void> {
  const value = await attempt.call('deviceRuleBlock', named(rule, ruleOf(rule)));
  const bytes = Uint8Array.from((value as number[][]).flat());
  attempt.equal(explainDeviceProgram(bytes), expected);
}

/** The program of the steps, an instruction a line. */
async function program(attempt: Attempt, ...steps: string[]): Promise<string[]> {
  const words = named(shownSteps(steps), stepsOf(...steps));
  return explainDeviceProgram((await attempt.call('assembleDeviceProgram', words)) as Uint8Array);
}

/** What differs from program to program: from the sixth instruction to the end's six. */
const middle = (lines: readonly string[]): string[] => lines.slice(6, -6);

const NULL = ['if w2 != 2 goto +3', 'if w4 != 1 goto +2', 'if w5 != 3 goto +1'];
const ZERO = ['if w2 != 2 goto +3', 'if w4 != 1 goto +2', 'if w5 != 5 goto +1'];

/** Attaches the program of the steps, and has processes open devices under it. */
async function opened(
  attempt: Attempt,
  steps: string[],
  expected: Record<string, boolean>,
): Promise<void> {
  using grade = new GradeCgroup(unifiedOnly);
  const words = named(`assembleDeviceProgram(${shownSteps(steps)})`, steps);
  const { paths } = grade.cgroup;
  await attempt.drive(words, 'attach', { steps: stepsOf(...steps), paths });
  attempt.steps.push(attempt.say('tries'));
  attempt.equal(grade.outcomes(...Object.keys(expected)), expected);
}

export const exercise: Exercise = {
  id: '02.6',
  points: 10,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'block',
      async run(attempt) {
        await block(attempt, 'allow c 1:3 rw', ...NULL, 'r6 |= 6');
        const disk = ['if w2 != 1 goto +3', 'if w4 != 8 goto +2', 'if w5 != 16 goto +1'];
        await block(attempt, 'allow b 8:16 r', ...disk, 'r6 |= 2');
      },
    },
    {
      id: 'open-numbers',
      async run(attempt) {
        const major = ['if w2 != 2 goto +2', 'if w4 != 136 goto +1'];
        await block(attempt, 'allow c 136:* rwm', ...major, 'r6 |= 7');
        await block(attempt, 'allow b *:* m', 'if w2 != 1 goto +1', 'r6 |= 1');
      },
    },
    {
      id: 'number-zero',
      async run(attempt) {
        const zero = ['if w2 != 2 goto +3', 'if w4 != 5 goto +2', 'if w5 != 0 goto +1'];
        await block(attempt, 'allow c 5:0 rw', ...zero, 'r6 |= 6');
      },
    },
    {
      id: 'deny',
      async run(attempt) {
        await block(attempt, 'deny c 1:3 w', ...NULL, 'r6 &= 3');
        await block(attempt, 'deny c 1:3 rwm', ...NULL, 'r6 &= 0');
      },
    },
    {
      id: 'frame',
      async run(attempt) {
        attempt.equal(await program(attempt), [
          'r2 = *(u32 *)(r1 + 0)',
          'r3 = r2',
          'r2 &= 65535',
          'r3 >>= 16',
          'r4 = *(u32 *)(r1 + 4)',
          'r5 = *(u32 *)(r1 + 8)',
          'r6 = 0',
          'r6 ^= 7',
          'r3 &= r6',
          'r0 = 1',
          'if r3 == 0 goto +1',
          'r0 = 0',
          'exit',
        ]);
      },
    },
    {
      id: 'order',
      async run(attempt) {
        const lines = await program(attempt, 'allow c 1:3 rw', 'deny c 1:5 w');
        const blocks = [...NULL, 'r6 |= 6', ...ZERO, 'r6 &= 3'];
        attempt.equal(middle(lines), ['r6 = 0', ...blocks], attempt.say('middle'));
      },
    },
    {
      id: 'reset',
      async run(attempt) {
        const what = attempt.say('middle');
        attempt.equal(middle(await program(attempt, 'allow a')), ['r6 = 7'], what);
        const lines = await program(attempt, 'allow c 1:3 rw', 'allow a', 'deny c 1:5 w');
        attempt.equal(middle(lines), ['r6 = 7', ...ZERO, 'r6 &= 3'], what);
      },
    },
    {
      id: 'last-reset',
      async run(attempt) {
        const lines = await program(
          attempt,
          'allow a',
          'allow c 1:3 rw',
          'deny a',
          'allow c 1:5 r',
        );
        attempt.equal(middle(lines), ['r6 = 0', ...ZERO, 'r6 |= 2'], attempt.say('middle'));
      },
    },
    {
      id: 'any-steps',
      async run(attempt) {
        for (let round = 0; round < 20; round += 1) {
          const texts = randomSteps();
          const reference = assembleDeviceProgram(stepsOf(...texts));
          attempt.equal(await program(attempt, ...texts), explainDeviceProgram(reference));
        }
      },
    },
    {
      id: 'kernel-obeys',
      needs: 'kernel',
      run: (attempt) =>
        opened(attempt, ['allow c 1:5 r', 'allow c 1:5 w', 'allow c 1:3 w'], {
          'exec 3</dev/zero': true,
          'exec 3>/dev/zero': true,
          'exec 3>/dev/null': true,
          'exec 3</dev/null': false,
          'exec 3</dev/full': false,
        }),
    },
    {
      id: 'later-wins',
      needs: 'kernel',
      run: (attempt) =>
        opened(attempt, ['deny c 1:3 rwm', 'allow c 1:* rw', 'deny c 1:5 w'], {
          'exec 3<>/dev/null': true,
          'exec 3</dev/zero': true,
          'exec 3>/dev/zero': false,
        }),
    },
  ],
  async show(attempt) {
    attempt.answer(await program(attempt, 'allow c 1:3 rw', 'deny c 1:5 w'));
  },
};

function randomSteps(): string[] {
  return Array.from({ length: Math.floor(Math.random() * 7) }, () => {
    const verdict = pick(['allow', 'deny']);
    if (Math.random() < 0.15) return `${verdict} a`;
    const numbers = `${pick(['0', '1', '254', '*'])}:${pick(['0', '3', '70000', '*'])}`;
    return `${verdict} ${pick(['c', 'b'])} ${numbers} ${pick(['r', 'w', 'rw', 'rwm', 'm'])}`;
  });
}

function pick(items: readonly string[]): string {
  return items[Math.floor(Math.random() * items.length)] ?? '';
}
