import type { Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';

async function weighs(attempt: Attempt, ...pairs: (readonly [number, number])[]): Promise<void> {
  for (const [shares, weight] of pairs) {
    attempt.equal(await attempt.call('sharesToWeight', shares), weight, 'cpu.weight');
  }
}

type Value = number | bigint | undefined;

async function says(
  attempt: Attempt,
  quota: Value,
  period: Value,
  expected: string | undefined,
): Promise<void> {
  attempt.equal(await attempt.call('cpuMaxText', quota, period), expected, 'cpu.max');
}

export const exercise: Exercise = {
  id: '02.2',
  points: 10,
  checks: [
    {
      id: 'ends',
      run: (attempt) => weighs(attempt, [2, 1], [262_144, 10_000], [0, 1], [1_000_000, 10_000]),
    },
    { id: 'middle', run: (attempt) => weighs(attempt, [1024, 100]) },
    {
      id: 'curve',
      run: (attempt) => weighs(attempt, [3, 2], [512, 59], [1025, 101], [2048, 174]),
    },
    {
      id: 'quota-and-period',
      run: (attempt) => says(attempt, 50_000, 200_000, '50000 200000'),
    },
    {
      id: 'no-limit',
      async run(attempt) {
        await says(attempt, -1, 50_000, 'max 50000');
        await says(attempt, undefined, 50_000, 'max 50000');
        await says(attempt, 0, 50_000, 'max 50000');
      },
    },
    {
      id: 'usual-period',
      async run(attempt) {
        await says(attempt, 50_000, undefined, '50000 100000');
        await says(attempt, 50_000, 0, '50000 100000');
      },
    },
    {
      id: 'nothing-asked',
      async run(attempt) {
        await says(attempt, undefined, undefined, undefined);
        await says(attempt, 0, 0, undefined);
      },
    },
    {
      id: 'big',
      run: (attempt) => says(attempt, 9007199254740993n, 100_000n, '9007199254740993 100000'),
    },
    {
      id: 'any-value',
      async run(attempt) {
        for (let round = 0; round < 20; round += 1) {
          await attempt.agrees('sharesToWeight', Math.floor(2 ** (Math.random() * 18)));
          await attempt.agrees('cpuMaxText', randomValue(-1), randomValue(undefined));
        }
      },
    },
  ],
  async show(attempt) {
    await attempt.call('sharesToWeight', 1024);
    await attempt.call('cpuMaxText', 50_000, undefined);
  },
};

function randomValue(other: Value): Value {
  const value = 1000 + Math.floor(Math.random() * 500_000);
  const choices: Value[] = [undefined, 0, other, value, value, BigInt(value)];
  return choices[Math.floor(Math.random() * choices.length)];
}
