/** `./workbook list`: chapters, exercises, and what is reached. */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import chalk from 'chalk';
import { digestOf } from '../../../../tests/grader/grade.ts';
import type { Lesson } from '../../../../tests/grader/lessons.ts';
import { starterOf } from '../../../../tests/grader/source/learner-copy.ts';
import { mineFile, shown } from './mine.ts';
import { readProgress, type Progress, type Reached } from './progress.ts';
import { select } from './selection.ts';
import { words } from './words.ts';

type State = 'not begun' | 'begun' | 'solved';

interface Row {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  readonly state: State;
  readonly earned: number;
  readonly points: number;
  /** What the points say of the file as it is now: it has changed since, or was never checked. */
  readonly stale?: 'changed' | 'unchecked';
}

export async function list(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' } },
    allowPositionals: true,
  });
  const progress = readProgress();
  const chapters = (await select(positionals)).map(({ chapter, lessons }) => ({
    chapter: chapter.folder,
    exercises: lessons.map((lesson) => rowOf(lesson, progress)),
  }));
  if (values.json === true) process.stdout.write(`${JSON.stringify(chapters, undefined, 2)}\n`);
  else for (const { chapter, exercises } of chapters) printChapter(chapter, exercises);
  return 0;
}

function rowOf(lesson: Lesson, progress: Progress): Row {
  const { exercise, text } = lesson;
  const reached = progress.exercises[exercise.id];
  const begun = existsSync(mineFile(lesson));
  const stale = staleness(lesson, reached);
  const solved = begun && reached !== undefined && reached.earned === reached.points;
  return {
    id: exercise.id,
    title: text.title,
    file: shown(mineFile(lesson)),
    state: solved ? 'solved' : begun ? 'begun' : 'not begun',
    earned: begun ? (reached?.earned ?? 0) : 0,
    points: exercise.points,
    ...(stale !== undefined && { stale }),
  };
}

/** The starter is worth nothing, which needs no check. */
function staleness(lesson: Lesson, reached: Reached | undefined): Row['stale'] {
  const file = mineFile(lesson);
  if (!existsSync(file)) return undefined;
  if (reached !== undefined) return reached.digest === digestOf(file) ? undefined : 'changed';
  return readFileSync(file, 'utf8') === starterOf(lesson.part) ? undefined : 'unchecked';
}

const NOTES = { changed: words('list.changed'), unchecked: words('list.unchecked') };

function printChapter(chapter: string, rows: readonly Row[]): void {
  const sum = (of: (row: Row) => number): number => rows.reduce((all, row) => all + of(row), 0);
  const solved = rows.filter(({ state }) => state === 'solved').length;
  const points = { earned: sum((row) => row.earned), points: sum((row) => row.points) };
  const counts = words('list.counts', { solved, count: rows.length, ...points });
  process.stdout.write(`\n${chalk.bold(chapter)}  ${chalk.dim(counts)}\n`);
  for (const row of rows) {
    const mark = { solved: chalk.green('✓'), begun: chalk.yellow('…'), 'not begun': ' ' }[
      row.state
    ];
    const score = `${row.earned}/${row.points}`.padStart(5);
    const note = row.stale === undefined ? '' : `  ${chalk.dim(NOTES[row.stale])}`;
    const title = row.title.padEnd(34);
    process.stdout.write(`  ${mark} ${row.id}  ${title}${score}  ${row.file}${note}\n`);
  }
}
