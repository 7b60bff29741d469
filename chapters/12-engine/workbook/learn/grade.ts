/**
 * `./workbook grade [NN[.k] ...]`: runs the checks and says what came, in one of several forms.
 *
 * Exit code 0 when all that could be run has passed, 1 otherwise. `--from FOLDER` grades files that
 * somebody has handed in; they are copied first, and nothing in that folder is run but through the
 * checks of this checkout.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gradeExercise, type Progress } from '../../../../tests/grader/grade.ts';
import type { Lesson } from '../../../../tests/grader/lessons.ts';
import { exercismReport } from '../../../../tests/grader/report/exercism.ts';
import { totalsOf, type Graded } from '../../../../tests/grader/report/graded.ts';
import { gradescopeReport } from '../../../../tests/grader/report/gradescope.ts';
import { junitReport } from '../../../../tests/grader/report/junit.ts';
import { HandedIn } from './handed-in.ts';
import { isBegun } from './mine.ts';
import { printGraded } from './print.ts';
import { remember } from './progress.ts';
import { select, type Selection } from './selection.ts';
import { UsageError } from './usage-error.ts';
import { words } from './words.ts';

const options = {
  from: { type: 'string' },
  json: { type: 'boolean' },
  junit: { type: 'boolean' },
  gradescope: { type: 'boolean' },
  exercism: { type: 'string' },
} as const;

type Form = 'json' | 'junit' | 'gradescope' | 'exercism' | 'text';

export async function grade(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const form = formOf(values);
  const selections = await select(positionals);
  if (values.from === undefined) demandBegun(selections, positionals.length > 0);
  const lessons = selections.flatMap((selection) => selection.lessons);
  using files = new HandedIn(values.from);
  // Without a name, all that is begun is graded.
  const begun = lessons.filter((lesson) => existsSync(files.of(lesson)));
  const wanted = positionals.length === 0 ? begun : lessons;
  const results = await gradeAll(wanted, (lesson) => files.of(lesson));
  const graded = results.map(({ lesson, result }) => ({
    lesson,
    result: { ...result, file: files.shown(lesson) },
  }));
  if (values.from === undefined)
    remember(
      graded.map(({ result }) => result),
      new Date(),
    );
  print(graded, form, values.exercism);
  const totals = totalsOf(graded);
  const bad = totals.count('failed') + totals.count('timed out') + totals.count('todo');
  return bad === 0 && totals.count('passed') > 0 ? 0 : 1;
}

/** @param all each of them must be begun; else one of them. */
function demandBegun(selections: readonly Selection[], all: boolean): void {
  const not = selections.filter(({ chapter }) => !isBegun(chapter.folder));
  const [first] = not;
  if (first === undefined || (!all && not.length < selections.length)) return;
  throw new UsageError(words('error.not-started', { number: first.chapter.number }));
}

export async function gradeAll(
  lessons: readonly Lesson[],
  fileOf: (lesson: Lesson) => string,
): Promise<Graded[]> {
  const graded: Graded[] = [];
  const progress = process.stderr.isTTY;
  for (const lesson of lessons) {
    const tell: Progress = ({ id }, done) => {
      if (progress) process.stderr.write(`\r\u001B[K${progressText(lesson, id, done)}`);
    };
    graded.push({ lesson, result: await gradeExercise(lesson, fileOf(lesson), tell) });
  }
  if (progress) process.stderr.write('\r\u001B[K');
  return graded;
}

/** `01.1  3/9  an empty path is no path`, cut to a line. */
function progressText({ exercise, text }: Lesson, check: string, done: number): string {
  const title = text.checks[check]?.title ?? check;
  const line = `${exercise.id}  ${done + 1}/${exercise.checks.length}  ${title}`;
  return line.slice(0, process.stderr.columns - 1);
}

function formOf(values: Readonly<Record<string, unknown>>): Form {
  const forms = (['json', 'junit', 'gradescope', 'exercism'] as const).filter(
    (form) => values[form] !== undefined,
  );
  const [form = 'text', ...others] = forms;
  if (others.length > 0)
    throw new UsageError(words('error.one-of', { options: `--${forms.join(', --')}` }));
  return form;
}

function print(graded: readonly Graded[], form: Form, file: string | undefined): void {
  if (form === 'text') printGraded(graded);
  else if (file === undefined) process.stdout.write(reportOf(graded, form));
  else writeFileSync(file, reportOf(graded, form));
}

function reportOf(graded: readonly Graded[], form: Exclude<Form, 'text'>): string {
  const asJson = (report: unknown): string => `${JSON.stringify(report, undefined, 2)}\n`;
  switch (form) {
    case 'json':
      return asJson(graded.map(({ result }) => result));
    case 'junit':
      return junitReport(graded);
    case 'gradescope':
      return asJson(gradescopeReport(graded));
    case 'exercism':
      return asJson(exercismReport(graded));
  }
}
