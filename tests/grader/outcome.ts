/** How a check ended, from what was thrown while it ran. */
import { CheckFailure, NotHere } from './attempt.ts';
import { LearnerError, NoAnswer } from './learner/process.ts';
import type { Thrown } from './learner/protocol.ts';
import { noAnswerTrouble, SHAPE_TROUBLE, troubleOf, type Trouble } from './trouble.ts';
import { words } from './words.ts';

export type Status = 'passed' | 'failed' | 'todo' | 'timed out' | 'not run';

export interface Outcome {
  readonly status: Status;
  readonly expected?: string;
  readonly seen?: string;
  readonly trouble?: Omit<Trouble, 'mayBeTheCheck'>;
}

/** @throws what is a mistake of the check's own. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof CheckFailure) {
    return { status: 'failed', expected: error.expected, seen: error.seen };
  }
  if (error instanceof NotHere) return { status: 'not run', seen: error.message };
  if (error instanceof NoAnswer) {
    const status = error.why === 'end' ? 'failed' : 'timed out';
    const expected = words('expected.answer');
    return { status, expected, seen: error.message, trouble: noAnswerTrouble(error) };
  }
  if (error instanceof LearnerError) return thrownOutcome(error);
  // The check has taken apart what is not of the shape that the docstring says.
  if (!(error instanceof TypeError)) throw error;
  const expected = words('expected.shape');
  return { status: 'failed', expected, seen: error.message, trouble: SHAPE_TROUBLE };
}

function thrownOutcome(error: LearnerError): Outcome {
  const { thrown } = error;
  if (thrown.code === 'TODO') return { status: 'todo', seen: thrown.message };
  const trouble = troubleOf(error);
  const expected = words(EXPECTED[trouble?.kind ?? ''] ?? 'expected.no-error');
  const seen =
    trouble?.kind === 'function'
      ? words('seen.function', { name: thrown.message })
      : textOf(thrown);
  return { status: 'failed', expected, seen, ...(trouble !== undefined && { trouble }) };
}

const EXPECTED: Readonly<Record<string, string>> = {
  load: 'expected.load',
  function: 'expected.function',
  shape: 'expected.shape',
};

/** What was thrown, as one line: `TypeError: x is undefined (plan.ts:12:7)`. */
export function textOf({ name, message, at }: Thrown): string {
  const where = at[0] === undefined ? '' : ` (${at[0]})`;
  const what =
    name === '' ? words('seen.no-error-class', { value: message }) : `${name}: ${message}`;
  return `${what}${where}`;
}

/** Why it went no further, as one line. */
export function reasonOf(error: unknown): string {
  const { seen, expected } = outcomeOf(error);
  return seen ?? expected ?? '';
}
