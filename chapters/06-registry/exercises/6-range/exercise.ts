import path from 'node:path';
import { named, show, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { oneOf, random } from '../refuses.ts';

interface Response {
  readonly status: number;
  readonly contentRange?: string;
  readonly contentLength?: string;
}

type Total = number | undefined;

const APPEND = { action: 'append' };
const AGAIN = { action: 'restart', body: true };
const ASK_ANEW = { action: 'restart', body: false };
const COMPLETE = { action: 'complete' };

async function plans(
  attempt: Attempt,
  offset: number,
  total: Total,
  response: Response,
  expected: unknown,
): Promise<void> {
  attempt.equal(await attempt.call('planBody', offset, total, response), expected);
}

/** The reason's words are the learner's own. */
async function refused(
  attempt: Attempt,
  offset: number,
  total: Total,
  response: Response,
): Promise<void> {
  const step = (await attempt.call('planBody', offset, total, response)) as { action: string };
  attempt.equal(step.action, 'refuse', 'action');
  const reason: unknown = 'reason' in step ? step.reason : undefined;
  const hasWords = typeof reason === 'string' && reason !== '';
  attempt.holds(hasWords, 'reason', JSON.stringify(step));
}

function part(contentRange?: string): Response {
  return { status: 206, ...(contentRange !== undefined && { contentRange }) };
}

function whole(contentLength?: string): Response {
  return { status: 200, ...(contentLength !== undefined && { contentLength }) };
}

function nothing(contentRange?: string): Response {
  return { status: 416, ...(contentRange !== undefined && { contentRange }) };
}

export const exercise: Exercise = {
  id: '06.6',
  points: 15,
  driver: path.join(import.meta.dirname, 'driver.ts'),
  checks: [
    {
      id: 'from-the-start',
      async run(attempt) {
        await plans(attempt, 0, 10, whole('10'), APPEND);
        await plans(attempt, 0, 10, whole(), APPEND);
        await plans(attempt, 0, undefined, whole('7'), APPEND);
      },
    },
    {
      id: 'the-whole-again',
      async run(attempt) {
        await plans(attempt, 4, 10, whole('10'), AGAIN);
        await plans(attempt, 4, undefined, whole(), AGAIN);
      },
    },
    {
      id: 'whole-of-another-size',
      async run(attempt) {
        await refused(attempt, 0, 10, whole('11'));
        await refused(attempt, 4, 10, whole('6'));
      },
    },
    {
      id: 'part',
      async run(attempt) {
        await plans(attempt, 4, 10, part('bytes 4-9/10'), APPEND);
        await plans(attempt, 4, 10, part('bytes 4-7/10'), APPEND);
        await plans(attempt, 4, undefined, part('bytes 4-9/10'), APPEND);
        await plans(attempt, 0, 10, part('bytes 0-9/10'), APPEND);
        await plans(attempt, 4, 10, part('Bytes 4-9/10'), APPEND);
      },
    },
    {
      id: 'begins-elsewhere',
      async run(attempt) {
        for (const range of ['bytes 0-9/10', 'bytes 3-9/10', 'bytes 5-9/10']) {
          await refused(attempt, 4, 10, part(range));
        }
      },
    },
    {
      id: 'last',
      async run(attempt) {
        await plans(attempt, 4, 10, part('bytes 4-4/10'), APPEND);
        await refused(attempt, 4, 10, part('bytes 4-10/10'));
        await refused(attempt, 4, undefined, part('bytes 4-10/10'));
        await refused(attempt, 4, 10, part('bytes 4-3/10'));
      },
    },
    {
      id: 'part-of-another-size',
      async run(attempt) {
        await refused(attempt, 4, 10, part('bytes 4-9/11'));
        await refused(attempt, 4, 10, part('bytes 4-7/8'));
      },
    },
    {
      id: 'size-not-known',
      async run(attempt) {
        await plans(attempt, 4, 10, part('bytes 4-9/*'), APPEND);
        await plans(attempt, 4, undefined, part('bytes 4-9/*'), APPEND);
        await refused(attempt, 4, 10, part('bytes 4-10/*'));
      },
    },
    {
      id: 'no-range',
      async run(attempt) {
        await refused(attempt, 4, 10, part());
        for (const range of ['bytes */10', 'items 4-9/10', 'bytes 4-/10', 'bytes 4-9/10, 0-1/10']) {
          await refused(attempt, 4, 10, part(range));
        }
      },
    },
    {
      id: 'nothing-more',
      async run(attempt) {
        await plans(attempt, 10, 10, nothing('bytes */10'), COMPLETE);
        await plans(attempt, 10, 10, nothing(), COMPLETE);
      },
    },
    {
      id: 'size-by-416',
      async run(attempt) {
        await plans(attempt, 10, undefined, nothing('bytes */10'), COMPLETE);
        await plans(attempt, 10, undefined, nothing('BYTES */10'), COMPLETE);
        await plans(attempt, 4, undefined, nothing('bytes */3'), ASK_ANEW);
        await plans(attempt, 4, 10, nothing('bytes */4'), ASK_ANEW);
      },
    },
    {
      id: 'ask-anew',
      async run(attempt) {
        await plans(attempt, 4, 10, nothing('bytes */10'), ASK_ANEW);
        await plans(attempt, 12, 10, nothing('bytes */10'), ASK_ANEW);
        await plans(attempt, 4, undefined, nothing(), ASK_ANEW);
      },
    },
    {
      id: 'never-ends',
      async run(attempt) {
        await refused(attempt, 0, 10, nothing('bytes */0'));
        await refused(attempt, 0, 0, nothing('bytes */0'));
        await refused(attempt, 0, undefined, nothing());
      },
    },
    {
      id: 'other-status',
      async run(attempt) {
        for (const status of [404, 204, 500, 302]) {
          await refused(attempt, 4, 10, {
            status,
            contentRange: 'bytes 4-9/10',
            contentLength: '10',
          });
        }
      },
    },
    {
      id: 'any-response',
      async run(attempt) {
        for (let round = 0; round < 40; round += 1) {
          const [offset, total] = [random(5), oneOf([undefined, 4, 5])];
          const response = {
            status: oneOf([200, 206, 206, 416]),
            contentRange: oneOf([
              undefined,
              'bytes */4',
              `bytes ${random(5)}-${random(6)}/${oneOf(['*', '4', '5'])}`,
            ]),
            contentLength: oneOf([undefined, '4', '5']),
          };
          await agrees(attempt, offset, total, response);
        }
      },
    },
  ],
  async show(attempt) {
    await attempt.call('planBody', 4, 10, part('bytes 4-9/10'));
    await attempt.call('planBody', 4, 10, whole('10'));
  },
};

/** But for the reason's words: what the reference refuses is refused. */
async function agrees(
  attempt: Attempt,
  offset: number,
  total: Total,
  response: unknown,
): Promise<void> {
  await attempt.driveAgrees(
    named(`planBody(${show(offset)}, ${show(total)}, ${show(response)})`, undefined),
    'plan',
    { offset, total, response },
  );
}
