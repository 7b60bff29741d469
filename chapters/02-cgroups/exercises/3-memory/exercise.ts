import type { Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';

type Value = number | bigint;

interface Memory {
  limit?: Value;
  swap?: Value;
  reservation?: Value;
}

interface Files {
  readonly max: string | undefined;
  readonly swapMax: string | undefined;
  readonly low: string | undefined;
}

async function files(attempt: Attempt, memory: Memory): Promise<Files> {
  return (await attempt.call('memoryFiles', memory)) as Files;
}

const MIB = 1_048_576;
const BIG = 2n ** 53n;

export const exercise: Exercise = {
  id: '02.3',
  points: 10,
  checks: [
    {
      id: 'limit',
      async run(attempt) {
        const { max, swapMax, low } = await files(attempt, { limit: 32 * MIB });
        attempt.equal(max, '33554432', 'max');
        attempt.equal(low, undefined, 'low');
        attempt.equal(swapMax, undefined, 'swapMax');
        const reserved = await files(attempt, { reservation: 16 * MIB });
        attempt.equal(reserved.low, '16777216', 'low');
        attempt.equal(reserved.max, undefined, 'max');
      },
    },
    {
      id: 'not-asked',
      async run(attempt) {
        const zeros = { limit: 0, swap: 0, reservation: 0 };
        for (const memory of [{}, zeros]) {
          const { max, swapMax, low } = await files(attempt, memory);
          attempt.equal(
            [max, swapMax, low],
            [undefined, undefined, undefined],
            '[max, swapMax, low]',
          );
        }
      },
    },
    {
      id: 'no-limit',
      async run(attempt) {
        const { max, low } = await files(attempt, { limit: -1, reservation: -1 });
        attempt.equal(max, 'max', 'max');
        attempt.equal(low, 'max', 'low');
      },
    },
    {
      id: 'difference',
      async run(attempt) {
        const { swapMax } = await files(attempt, { limit: 32 * MIB, swap: 48 * MIB });
        attempt.equal(swapMax, '16777216', 'swapMax');
        const none = await files(attempt, { limit: 32 * MIB, swap: 32 * MIB });
        attempt.equal(none.swapMax, '0', 'swapMax');
      },
    },
    {
      id: 'swap-unlimited',
      async run(attempt) {
        const limited = await files(attempt, { limit: 32 * MIB, swap: -1 });
        attempt.equal(limited.swapMax, 'max', 'swapMax');
        attempt.equal((await files(attempt, { swap: -1 })).swapMax, 'max', 'swapMax');
      },
    },
    {
      id: 'limit-lifted',
      async run(attempt) {
        attempt.equal((await files(attempt, { limit: -1 })).swapMax, 'max', 'swapMax');
        const both = await files(attempt, { limit: -1, swap: 64 * MIB });
        attempt.equal(both.swapMax, '67108864', 'swapMax');
      },
    },
    {
      id: 'needs-limit',
      async run(attempt) {
        for (const memory of [{ swap: 48 * MIB }, { limit: 0, swap: 48 * MIB }]) {
          const { code } = await attempt.throws('needs-limit', 'memoryFiles', memory);
          attempt.equal(code, 'CGROUP_INVALID', 'code');
        }
      },
    },
    {
      id: 'exact',
      async run(attempt) {
        const { max, swapMax } = await files(attempt, { limit: BIG + 1n, swap: BIG + 4n });
        attempt.equal(max, '9007199254740993', 'max');
        attempt.equal(swapMax, '3', 'swapMax');
        const mixed = await files(attempt, { limit: 1, swap: BIG + 4n });
        attempt.equal(mixed.swapMax, '9007199254740995', 'swapMax');
      },
    },
    {
      id: 'any-memory',
      async run(attempt) {
        for (let round = 0; round < 30; round += 1) {
          await attempt.agrees('memoryFiles', randomMemory());
        }
      },
    },
  ],
  async show(attempt) {
    await files(attempt, { limit: 32 * MIB, swap: 48 * MIB });
  },
};

/** One that is allowed: swap is not below the limit, and not without one. */
function randomMemory(): Memory {
  const limit = pick([undefined, 0, -1, randomBytes(0)]);
  const amount = typeof limit === 'number' && limit <= 0 ? 0 : Number(limit ?? 0);
  const swaps = limit === undefined || limit === 0 ? [] : [amount, randomBytes(amount)];
  const swap = pick([undefined, 0, -1, ...swaps]);
  const reservation = pick([undefined, 0, -1, randomBytes(0)]);
  return {
    ...(limit !== undefined && { limit }),
    ...(swap !== undefined && { swap }),
    ...(reservation !== undefined && { reservation }),
  };
}

function randomBytes(least: number): Value {
  const bytes = least + 1 + Math.floor(Math.random() * 2 ** 30);
  return Math.random() < 0.5 ? bytes : BigInt(bytes);
}

function pick<Item>(items: readonly Item[]): Item | undefined {
  return items[Math.floor(Math.random() * items.length)];
}
