/**
 * `results.json` of a Gradescope autograder: one test for each exercise, with its points, and the
 * first failure's text. What could not be run is said in the output of the whole.
 */
import { failureText } from './text.ts';
import { titleOf, totalsOf, type Graded } from './graded.ts';

/** The fields of Gradescope's format that we use. Scores in points, times in seconds. */
export interface GradescopeReport {
  readonly score: number;
  readonly execution_time: number;
  readonly output: string;
  readonly output_format: 'text';
  readonly stdout_visibility: 'hidden';
  readonly tests: readonly {
    readonly name: string;
    readonly number: string;
    readonly score: number;
    readonly max_score: number;
    readonly status: 'passed' | 'failed';
    readonly output: string;
    readonly output_format: 'text';
    readonly visibility: 'visible';
  }[];
}

export function gradescopeReport(graded: readonly Graded[]): GradescopeReport {
  const totals = totalsOf(graded);
  return {
    score: totals.earned,
    execution_time: Math.ceil(totals.milliseconds / 1000),
    output: `${totals.earned} / ${totals.points}`,
    output_format: 'text',
    stdout_visibility: 'hidden',
    tests: graded.map((each) => ({
      name: `${each.result.id} ${each.lesson.text.title}`,
      number: each.result.id,
      score: each.result.earned,
      max_score: each.result.points,
      status: each.result.earned === each.result.points ? 'passed' : 'failed',
      output: outputOf(each),
      output_format: 'text',
      visibility: 'visible',
    })),
  };
}

/** A line for each check, and what the first that failed has to say. */
function outputOf(each: Graded): string {
  const { checks } = each.result;
  const lines = checks.map((check) => `${check.status.padEnd(10)}${titleOf(each, check)}\n`);
  const failed = checks.find(({ status }) => status === 'failed' || status === 'timed out');
  return lines.join('') + (failed === undefined ? '' : `\n${failureText(each.lesson, failed)}`);
}
