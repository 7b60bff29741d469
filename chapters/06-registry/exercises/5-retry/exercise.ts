import { named, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { oneOf, random } from '../refuses.ts';

const POLICY = { tries: 5, firstWait: 1000, longestWait: 6000 };
const NOW = Date.parse('2026-01-01T00:00:00Z');

type Failure = Readonly<Record<string, unknown>>;

function status(code: number, retryAfter?: string): Failure {
  return { kind: 'status', status: code, ...(retryAfter !== undefined && { retryAfter }) };
}

function now(): ReturnType<typeof named> {
  return named("Date.parse('2026-01-01T00:00:00Z')", NOW);
}

/** @param chance what `random` is; 1 is the whole wait. */
async function wait(
  attempt: Attempt,
  failure: Failure,
  tries = 1,
  chance = 1,
  policy = POLICY,
): Promise<unknown> {
  return attempt.call('retryWait', failure, tries, policy, { now: NOW, random: chance });
}

async function reads(
  attempt: Attempt,
  header: string | undefined,
  expected: unknown,
): Promise<void> {
  attempt.equal(await attempt.call('readRetryAfter', header, now()), expected);
}

export const exercise: Exercise = {
  id: '06.5',
  points: 10,
  checks: [
    {
      id: 'may-pass',
      async run(attempt) {
        for (const code of [500, 503, 502, 504, 599, 429, 408]) {
          attempt.equal(typeof (await wait(attempt, status(code))), 'number', 'typeof result');
        }
      },
    },
    {
      id: 'will-not-change',
      async run(attempt) {
        for (const code of [404, 401, 400, 301, 200, 501, 505, 600]) {
          attempt.equal(await wait(attempt, status(code)), undefined);
        }
      },
    },
    {
      id: 'connection',
      async run(attempt) {
        for (const code of ['ECONNRESET', 'STALLED', 'EAI_AGAIN']) {
          attempt.equal(await wait(attempt, { kind: 'connection', code }), 1000);
        }
        for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED']) {
          attempt.equal(await wait(attempt, { kind: 'connection', code }), undefined);
        }
      },
    },
    {
      id: 'doubled',
      async run(attempt) {
        const policy = { ...POLICY, longestWait: 60_000 };
        const expected = [1000, 2000, 4000, 8000];
        for (const [at, whole] of expected.entries()) {
          attempt.equal(await wait(attempt, status(500), at + 1, 1, policy), whole);
        }
      },
    },
    {
      id: 'longest',
      async run(attempt) {
        attempt.equal(await wait(attempt, status(500), 4), 6000);
        attempt.equal(await wait(attempt, status(500), 4, 0), 3000);
      },
    },
    {
      id: 'last-try',
      async run(attempt) {
        attempt.equal(await wait(attempt, status(500), 4), 6000);
        attempt.equal(await wait(attempt, status(500), 5), undefined);
        attempt.equal(await wait(attempt, status(503, '1'), 5), undefined);
        attempt.equal(await wait(attempt, status(500), 1, 1, { ...POLICY, tries: 1 }), undefined);
      },
    },
    {
      id: 'chance',
      async run(attempt) {
        for (const [chance, expected] of [
          [0, 1000],
          [0.5, 1500],
          [0.25, 1250],
        ] as const) {
          attempt.equal(await wait(attempt, status(500), 2, chance), expected);
        }
      },
    },
    {
      id: 'asked-for',
      async run(attempt) {
        attempt.equal(await wait(attempt, status(429, '3'), 1, 0), 3000);
        attempt.equal(await wait(attempt, status(503, '3'), 3, 0.5), 3000);
        attempt.equal(await wait(attempt, status(503, '0')), 0);
      },
    },
    {
      id: 'only-two',
      async run(attempt) {
        attempt.equal(await wait(attempt, status(500, '3')), 1000);
        attempt.equal(await wait(attempt, status(408, '3')), 1000);
        attempt.equal(await wait(attempt, status(404, '3')), undefined);
      },
    },
    {
      id: 'asks-too-much',
      async run(attempt) {
        attempt.equal(await wait(attempt, status(429, '6')), 6000);
        attempt.equal(await wait(attempt, status(429, '7')), undefined);
      },
    },
    {
      id: 'seconds',
      async run(attempt) {
        await reads(attempt, '120', 120_000);
        await reads(attempt, ' 1 ', 1000);
        await reads(attempt, '2026', 2_026_000);
        await reads(attempt, undefined, undefined);
      },
    },
    {
      id: 'date',
      async run(attempt) {
        await reads(attempt, 'Thu, 01 Jan 2026 00:00:04 GMT', 4000);
        await reads(attempt, 'Thursday, 01-Jan-26 00:00:10 GMT', 10_000);
        await reads(attempt, 'Thu Jan  1 00:00:07 2026', 7000);
        attempt.equal(await wait(attempt, status(503, 'Thu, 01 Jan 2026 00:00:04 GMT')), 4000);
      },
    },
    {
      id: 'past',
      async run(attempt) {
        await reads(attempt, 'Wed, 31 Dec 2025 23:00:00 GMT', 0);
      },
    },
    {
      id: 'neither',
      async run(attempt) {
        for (const header of ['', 'soon', '-3', '1.5', '0x10', '2026-01-01', 'Monkey 1 Jan 2026']) {
          await reads(attempt, header, undefined);
        }
        attempt.equal(await wait(attempt, status(429, 'soon')), 1000);
      },
    },
    {
      id: 'any-failure',
      async run(attempt) {
        for (let round = 0; round < 40; round += 1) {
          // Eighths come out the same in whatever order they are multiplied.
          const policy = {
            ...POLICY,
            firstWait: 8 * (1 + random(400)),
            longestWait: 8 * (1 + random(2500)),
          };
          const chance = { now: NOW, random: oneOf([0, 0.25, 0.5, 0.75, 1]) };
          await attempt.agrees('retryWait', randomFailure(), 1 + random(6), policy, chance);
        }
      },
    },
  ],
  async show(attempt) {
    await wait(attempt, status(503), 2, 0.5);
    await wait(attempt, status(429, '3'));
  },
};

function randomFailure(): Failure {
  if (random(4) === 0) {
    return {
      kind: 'connection',
      code: oneOf(['EPIPE', 'ETIMEDOUT', 'ECONNREFUSED', 'ENETUNREACH']),
    };
  }
  const retryAfter = oneOf(['', '2', '9', 'later', new Date(NOW + random(9) * 1000).toUTCString()]);
  return status(oneOf([408, 429, 500, 501, 503, 503, 511, 400]), retryAfter);
}
