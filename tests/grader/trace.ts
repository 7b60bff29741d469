/** Shows a learner's function at work, without judging: what was done, and what came. */
import { Attempt, show, type Divergence } from './attempt.ts';
import type { Lesson } from './lessons.ts';
import type { ProgramView } from './learner/protocol.ts';
import { reasonOf } from './outcome.ts';
import { Team } from './team.ts';

export interface TracedStep {
  /** What was done, in words. */
  readonly words: string;
  /** What came of it, written out, where that is data. */
  readonly values: readonly string[];
}

export interface Trace {
  readonly steps: readonly TracedStep[];
  readonly program?: ProgramView;
  readonly divergence?: Divergence;
  /** What the learner's code printed. */
  readonly output: string;
  /** Why it went no further. */
  readonly thrown?: string;
}

/** Runs the exercise's `show`, or else its first check that needs no kernel. */
export async function traceExercise(
  { exercise, part, text }: Lesson,
  file: string,
): Promise<Trace> {
  await using team = new Team(part, file, false);
  const attempt = new Attempt(team, text.says ?? {}, exercise.driver);
  const act = exercise.show ?? exercise.checks.find(({ needs }) => needs === undefined)?.run;
  let thrown: string | undefined;
  try {
    await act?.(attempt);
  } catch (error) {
    thrown = reasonOf(error);
  }
  const program = attempt.lastProgram;
  const divergence = await attempt.divergence();
  return {
    steps: attempt.steps.map((step, at) => ({
      words: step,
      values: attempt.answers.filter((each) => each.step === at).map(({ value }) => show(value)),
    })),
    output: team.output,
    ...(program !== undefined && { program }),
    ...(divergence !== undefined && { divergence }),
    ...(thrown !== undefined && { thrown }),
  };
}
