/**
 * `./workbook grade [NN[.k] ...]`: runs the checks and says what came, in one of several forms.
 *
 * Exit code 0 when all that could be run has passed, 1 otherwise. `--from FOLDER` grades files that
 * somebody has handed in; they are copied first, and nothing in that folder is run but through the
 * checks of this checkout.
 */
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gradeExercise } from '../../../../tests/grader/grade.ts';
import type { Lesson } from '../../../../tests/grader/lessons.ts';
import { exercismReport } from '../../../../tests/grader/report/exercism.ts';
import { totalsOf, type Graded } from '../../../../tests/grader/report/graded.ts';
import { gradescopeReport } from '../../../../tests/grader/report/gradescope.ts';
import { junitReport } from '../../../../tests/grader/report/junit.ts';
import { keeping, mineFile } from './mine.ts';
import { printGraded } from './print.ts';
import { remember } from './progress.ts';
import { select } from './selection.ts';
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
  const lessons = (await select(positionals)).flatMap((selection) => selection.lessons);
  using files = new HandedIn(values.from);
  // Without a name, all that is begun is graded.
  const begun = lessons.filter((lesson) => existsSync(files.of(lesson)));
  const wanted = positionals.length === 0 ? begun : lessons;
  const graded = await gradeAll(wanted, (lesson) => files.of(lesson));
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

export async function gradeAll(
  lessons: readonly Lesson[],
  fileOf: (lesson: Lesson) => string,
): Promise<Graded[]> {
  const graded: Graded[] = [];
  const progress = process.stderr.isTTY;
  for (const lesson of lessons) {
    if (progress) process.stderr.write(`\r\u001B[K${lesson.exercise.id} …`);
    graded.push({ lesson, result: await gradeExercise(lesson, fileOf(lesson)) });
  }
  if (progress) process.stderr.write('\r\u001B[K');
  return graded;
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

/** The learner's own files, or a copy of what somebody has handed in. */
class HandedIn implements Disposable {
  readonly #from: string | undefined;
  readonly #copies = path.join(keeping, `handed-in-${process.pid}`);

  constructor(from: string | undefined) {
    if (from !== undefined && statSync(from, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new UsageError(words('error.folder', { folder: from }));
    }
    this.#from = from;
  }

  /** `FOLDER/NN-name/mine/FILE`, `FOLDER/NN-name/FILE` or `FOLDER/FILE`. */
  of(lesson: Lesson): string {
    if (this.#from === undefined) return mineFile(lesson);
    const { chapter, file } = lesson.part;
    const copy = path.join(this.#copies, chapter, file);
    const places = [path.join(chapter, 'mine'), chapter, ''];
    const candidates = places.map((place) => path.join(this.#from ?? '', place, file));
    // A link could lead to the reference, or to a file of ours.
    const found = candidates.find((each) => lstatSync(each, { throwIfNoEntry: false })?.isFile());
    if (found === undefined) return copy;
    mkdirSync(path.dirname(copy), { recursive: true });
    copyFileSync(found, copy);
    return copy;
  }

  [Symbol.dispose](): void {
    rmSync(this.#copies, { recursive: true, force: true });
  }
}
