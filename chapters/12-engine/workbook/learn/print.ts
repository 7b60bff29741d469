/** Results for a person: a line for each check, and all about the first that fails. */
import path from 'node:path';
import chalk from 'chalk';
import type { CheckResult } from '../../../../tests/grader/grade.ts';
import type { Status } from '../../../../tests/grader/outcome.ts';
import { titleOf, totalsOf, type Graded } from '../../../../tests/grader/report/graded.ts';
import { failureText } from '../../../../tests/grader/report/text.ts';
import { shown } from './mine.ts';
import { words } from './words.ts';

const MARKS: Readonly<Record<Status, string>> = {
  passed: chalk.green('✓'),
  failed: chalk.red('✗'),
  todo: chalk.yellow('…'),
  'timed out': chalk.red('⧖'),
  'not run': chalk.dim('-'),
};

export function printGraded(graded: readonly Graded[]): void {
  for (const each of graded) printExercise(each);
  const totals = totalsOf(graded);
  const summary = words('grade.summary', {
    earned: totals.earned,
    points: totals.points,
    passed: totals.count('passed'),
    failed: totals.count('failed'),
    todo: totals.count('todo'),
    timedOut: totals.count('timed out'),
    notRun: totals.count('not run'),
  });
  process.stdout.write(`\n${summary}\n`);
}

/** The first check that fails is explained; one thing at a time is enough. */
export function printExercise(each: Graded): void {
  const { lesson, result } = each;
  const score = chalk.dim(`${result.earned}/${result.points}`);
  const file = path.isAbsolute(result.file) ? shown(result.file) : result.file;
  const head = `${chalk.bold(`${result.id} ${lesson.text.title}`)}  ${score}`;
  if (result.digest === undefined) {
    // No check could be run, and each for the same reason.
    process.stdout.write(`\n${head}  ${words('grade.missing', { file })}\n`);
    return;
  }
  process.stdout.write(`\n${head}  ${chalk.dim(file)}\n`);
  for (const check of result.checks) process.stdout.write(`  ${line(each, check)}\n`);
  const failed = firstFailure(each);
  if (failed === undefined) return;
  if (failed.status === 'todo') {
    const page = `chapters/${lesson.part.chapter}/README.md${lesson.text.read.page}`;
    process.stdout.write(
      `\n  ${lesson.text.task}\n  ${chalk.dim(words('grade.read', { page }))}\n`,
    );
    return;
  }
  process.stdout.write(`\n${chalk.bold(words('grade.first'))} ${titleOf(each, failed)}\n`);
  process.stdout.write(failureText(lesson, failed));
  process.stdout.write(`  ${chalk.cyan(words('grade.hint', { id: result.id }))}\n`);
}

/** Where the learner has to go on. */
export function firstFailure({ result }: Graded): CheckResult | undefined {
  return result.checks.find(({ status }) => status !== 'passed' && status !== 'not run');
}

function line(each: Graded, check: CheckResult): string {
  const { status, seen = '' } = check;
  const reason =
    status === 'not run' ? chalk.dim(` (${words('grade.not-run', { reason: seen })})`) : '';
  return `${MARKS[status]} ${titleOf(each, check)}${reason}`;
}
