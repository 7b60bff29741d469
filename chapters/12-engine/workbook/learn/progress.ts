/**
 * What a learner has reached: `.workbook/progress.json`, apart from the learner's files.
 *
 * It is what the last grading saw, and how far each hint was climbed. A file that is damaged is put
 * aside, and a new one begun: progress is told again by the next grading.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { digestOf, type ExerciseResult } from '../../../../tests/grader/grade.ts';
import type { Lesson } from '../../../../tests/grader/lessons.ts';
import { keeping, mineFile } from './mine.ts';
import { words } from './words.ts';

/** One exercise, as it was when it was last graded. */
export interface Reached {
  readonly earned: number;
  readonly points: number;
  readonly passed: number;
  readonly checks: number;
  readonly notRun: number;
  /** Of the file that was graded; it may have changed since. */
  readonly digest?: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface Progress {
  readonly exercises: Record<string, Reached>;
  /** Rungs climbed, by `EXERCISE/CHECK`. */
  readonly hints: Record<string, number>;
}

const file = path.join(keeping, 'progress.json');

export function readProgress(): Progress {
  if (!existsSync(file)) return { exercises: {}, hints: {} };
  try {
    const { exercises = {}, hints = {} } = JSON.parse(
      readFileSync(file, 'utf8'),
    ) as Partial<Progress>;
    return { exercises, hints };
  } catch {
    renameSync(file, `${file}.damaged`);
    return { exercises: {}, hints: {} };
  }
}

/**
 * Written whole, then renamed: an interrupted write loses nothing. Where it may not be written, since
 * root made the folder, the learner is told, and what was asked for goes on.
 */
function save(progress: Progress): void {
  const partial = `${file}.${process.pid}`;
  try {
    mkdirSync(keeping, { recursive: true });
    writeFileSync(partial, `${JSON.stringify(progress, undefined, 2)}\n`);
    renameSync(partial, file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`workbook: ${words('progress.not-kept', { why, folder: keeping })}\n`);
  }
}

export function remember(results: readonly ExerciseResult[], now: Date): void {
  const progress = readProgress();
  for (const { id, earned, points, checks, digest } of results) {
    const count = (status: string): number =>
      checks.filter((each) => each.status === status).length;
    const [passed, notRun] = [count('passed'), count('not run')];
    const at = now.toISOString();
    const counts = { earned, points, passed, checks: checks.length, notRun };
    progress.exercises[id] = { ...counts, ...(digest !== undefined && { digest }), at };
  }
  save(progress);
}

/** Whether the learner's file, as it is now, has earned all its points. */
export function isSolved(lesson: Lesson, { exercises }: Progress): boolean {
  const reached = exercises[lesson.exercise.id];
  if (reached === undefined || reached.earned < reached.points) return false;
  return reached.digest !== undefined && reached.digest === digestOf(mineFile(lesson));
}

/** Climbs one rung of the hints to a check, up to `last`, and returns it; the first is 0. */
export function climb(exercise: string, check: string, last: number): number {
  const progress = readProgress();
  const key = `${exercise}/${check}`;
  const rung = Math.min(progress.hints[key] ?? 0, last);
  progress.hints[key] = rung + 1;
  save(progress);
  return rung;
}

/** After a reset nothing is reached, and hints begin anew. */
export function forget(exercise: string): void {
  const { exercises, hints } = readProgress();
  save({
    exercises: withoutKeys(exercises, (key) => key === exercise),
    hints: withoutKeys(hints, (key) => key.startsWith(`${exercise}/`)),
  });
}

function withoutKeys<T>(
  from: Record<string, T>,
  drop: (key: string) => boolean,
): Record<string, T> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !drop(key)));
}
