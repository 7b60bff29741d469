/**
 * `./workbook hint [NN.k]`: help with what the code does now, one rung at a time.
 *
 * The exercise is graded, and the ladder is that of the first check that fails:
 *
 *     a question  →  how it really works  →  the steps of a solution  →  the difference from it
 *
 * A file that cannot be loaded takes no rung: there is nothing yet that a rung could help with.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import chalk from 'chalk';
import type { CheckResult } from '../../../../tests/grader/grade.ts';
import type { Lesson } from '../../../../tests/grader/lessons.ts';
import { titleOf, type Graded } from '../../../../tests/grader/report/graded.ts';
import { isBeforeChecks } from '../../../../tests/grader/trouble.ts';
import { solutionOf } from '../../../../tests/grader/source/learner-copy.ts';
import { gradeAll } from './grade.ts';
import { demandFiles, isBegun, mineFile, shown } from './mine.ts';
import { firstFailure } from './print.ts';
import { climb, isSolved, readProgress, remember } from './progress.ts';
import { select, selectLesson } from './selection.ts';
import { UsageError } from './usage-error.ts';
import { words } from './words.ts';

const RUNGS = 4;

export async function hint(names: readonly string[]): Promise<number> {
  const lesson = await chosen(names);
  if (lesson === undefined) {
    process.stdout.write(`${await whereToGoOn()}\n`);
    return 0;
  }
  demandFiles([lesson]);
  const [graded] = await gradeAll([lesson], mineFile);
  if (graded === undefined) return 1;
  remember([graded.result], new Date());
  process.stdout.write(hintText(graded));
  return 0;
}

/** Climbs one rung, and says what is written there. */
export function hintText(graded: Graded): string {
  const { lesson, result } = graded;
  const { id } = result;
  const failed = firstFailure(graded);
  if (failed === undefined) return `${words('hint.solved', { id })}\n`;
  const { title } = lesson.text;
  const head = words('hint.head', { id, title, check: titleOf(graded, failed) });
  const first = `${chalk.bold(head)}\n${troubleText(failed)}`;
  if (failed.trouble !== undefined && isBeforeChecks(failed.trouble)) return first;
  const rung = climb(id, failed.check, RUNGS - 1);
  const which = words('hint.rung', { rung: rung + 1, count: RUNGS });
  const more = rung < RUNGS - 1 ? `\n${chalk.dim(words('hint.more', { id }))}\n` : '';
  return `${first}${chalk.dim(which)}\n\n${rungText(lesson, failed, rung)}\n${more}`;
}

/** Code that gave no answer is helped with that first. */
function troubleText({ trouble, seen = '' }: CheckResult): string {
  return trouble === undefined ? '' : `${seen}\n${trouble.cause}\n`;
}

function rungText(lesson: Lesson, failed: CheckResult, rung: number): string {
  const { text } = lesson;
  const [nudge = '', explanation = ''] = text.checks[failed.check]?.hints ?? [];
  if (rung === 0 && failed.status === 'todo') {
    const file = words('hint.file', { file: shown(mineFile(lesson)) });
    return `${words('hint.todo', { task: text.task })}\n${file}\n${nudge}`;
  }
  if (rung === 0) return nudge;
  if (rung === 1) return explanation;
  if (rung === 2) {
    const steps = text.outline.map((step, at) => `  ${at + 1}. ${step}`);
    return [words('hint.outline'), ...steps].join('\n');
  }
  return `${words('hint.diff')}\n${differences(lesson)}`;
}

/** diff(1) between the learner's file and the reference. */
function differences(lesson: Lesson): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'coracle-hint-'));
  try {
    const reference = path.join(folder, lesson.part.file);
    writeFileSync(reference, solutionOf(lesson.part));
    const labels = ['--label', shown(mineFile(lesson)), '--label', 'reference'];
    const { stdout } = spawnSync('diff', ['-u', ...labels, mineFile(lesson), reference], {
      encoding: 'utf8',
    });
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The exercise that is named; else the first that is begun and not solved, if there is one. */
async function chosen(names: readonly string[]): Promise<Lesson | undefined> {
  const [name, ...others] = names;
  if (others.length > 0)
    throw new UsageError(words('error.exercise', { name: names.join(' '), example: '01.1' }));
  if (name?.includes('.') === true) return selectLesson(name);
  const begun = (await select(name === undefined ? [] : [name])).filter(({ chapter }) =>
    isBegun(chapter.folder),
  );
  const lessons = begun.flatMap((each) => each.lessons);
  if (lessons.length === 0)
    throw new UsageError(words('error.not-started', { number: name ?? '01' }));
  const progress = readProgress();
  const open = lessons.find(
    (lesson) => existsSync(mineFile(lesson)) && !isSolved(lesson, progress),
  );
  if (open === undefined) demandFiles(lessons);
  return open;
}

/** All that is begun is solved. */
async function whereToGoOn(): Promise<string> {
  const next = (await select([])).find(({ chapter }) => !isBegun(chapter.folder));
  return next === undefined
    ? words('hint.all-done')
    : words('hint.go-on', { number: next.chapter.number });
}
