/** `results.json` of an Exercism test runner, version 3: one test for each check, by task. */
import { failureText } from './text.ts';
import { titleOf, type Graded } from './graded.ts';

type ExercismStatus = 'pass' | 'fail' | 'error';

export interface ExercismReport {
  readonly version: 3;
  readonly status: ExercismStatus;
  /** `null` unless nothing could be run. */
  readonly message: string | null;
  readonly tests: readonly {
    readonly name: string;
    readonly status: ExercismStatus;
    readonly message: string | null;
    readonly output: string | null;
    readonly task_id: number;
    readonly test_code: string;
  }[];
}

const MOST_OUTPUT = 500;
const MOST_MESSAGE = 65_535;

/** Checks that were not run are left out: the format has no word for them. */
export function exercismReport(graded: readonly Graded[]): ExercismReport {
  const tests = graded.flatMap((each) =>
    each.result.checks
      .filter(({ status }) => status !== 'not run')
      .map((check) => ({
        name: `${each.result.id} ${titleOf(each, check)}`,
        status: statusOf(check.status),
        message:
          check.status === 'passed' ? null : failureText(each.lesson, check).slice(0, MOST_MESSAGE),
        output: check.output?.slice(0, MOST_OUTPUT) ?? null,
        task_id: Number(each.result.id.split('.')[1]),
        test_code: check.steps.join('\n'),
      })),
  );
  if (tests.length === 0) return { version: 3, status: 'error', message: 'nothing was run', tests };
  const all = tests.every(({ status }) => status === 'pass');
  return { version: 3, status: all ? 'pass' : 'fail', message: null, tests };
}

function statusOf(status: string): ExercismStatus {
  if (status === 'passed') return 'pass';
  return status === 'timed out' ? 'error' : 'fail';
}
