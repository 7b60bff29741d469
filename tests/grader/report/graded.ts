/** What a report is made of: results, with the lessons that explain them. */
import type { CheckResult, ExerciseResult } from '../grade.ts';
import type { Lesson } from '../lessons.ts';
import type { Status } from '../outcome.ts';

export interface Graded {
  readonly lesson: Lesson;
  readonly result: ExerciseResult;
}

/** A check's title in the learner's language. */
export function titleOf({ lesson }: Graded, { check }: CheckResult): string {
  return lesson.text.checks[check]?.title ?? check;
}

export interface Totals {
  readonly earned: number;
  readonly points: number;
  readonly milliseconds: number;
  /** How many checks ended so. */
  readonly count: (status: Status) => number;
}

export function totalsOf(graded: readonly Graded[]): Totals {
  const checks = graded.flatMap(({ result }) => result.checks);
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
  return {
    earned: sum(graded.map(({ result }) => result.earned)),
    points: sum(graded.map(({ result }) => result.points)),
    milliseconds: sum(checks.map(({ milliseconds }) => milliseconds)),
    count: (status) => checks.filter((each) => each.status === status).length,
  };
}
