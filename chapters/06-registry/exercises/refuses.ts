/** What the exercises of this chapter have in common: refusals seen through a driver, and chance. */
import { CheckFailure, show, type Attempt } from '../../../tests/grader/attempt.ts';
import { LearnerError } from '../../../tests/grader/learner/process.ts';

/** The driver's function must throw an error with this code. */
export async function refuses(
  attempt: Attempt,
  step: Parameters<Attempt['drive']>[0],
  name: string,
  input: unknown,
  code: string,
): Promise<void> {
  const value = await attempt.drive(step, name, input).catch((error: unknown) => {
    if (!(error instanceof LearnerError) || error.thrown.code === 'TODO') throw error;
    return error;
  });
  if (!(value instanceof LearnerError)) {
    throw new CheckFailure(`${attempt.say('refused')} ${code}`, show(value));
  }
  const { thrown } = value;
  attempt.hasCode(thrown, code);
}

/** A whole number from 0 up to `below`. */
export function random(below: number): number {
  return Math.floor(Math.random() * below);
}

export function oneOf<T>(all: readonly T[]): T {
  return all[random(all.length)] as T;
}
