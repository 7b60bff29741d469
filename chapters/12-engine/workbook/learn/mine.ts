/**
 * The learner's folders, `chapters/NN-name/mine/`, and what is kept beside them in `.workbook/`.
 *
 * Nothing of the learner's is ever overwritten without a copy in `.workbook/backups/`.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Lesson } from '../../../../tests/grader/lessons.ts';
import { solutionOf, starterOf } from '../../../../tests/grader/source/learner-copy.ts';
import { repository } from '../run-script.ts';
import { UsageError } from './usage-error.ts';
import { words } from './words.ts';

/** Progress, backups, and what the grader needs for a moment; not in git. */
export const keeping = path.join(repository, '.workbook');

/** The learner's folder of a chapter. */
export function mineFolder(chapter: string): string {
  return path.join(repository, 'chapters', chapter, 'mine');
}

/** The learner's file of an exercise. */
export function mineFile({ part }: Lesson): string {
  return path.join(mineFolder(part.chapter), part.file);
}

/** As a person in the repository's folder would type it. */
export function shown(file: string): string {
  return path.relative(repository, file);
}

/** @throws UsageError if a file is not there: it says which, and what writes it. */
export function demandFiles(lessons: readonly Lesson[]): void {
  const missing = lessons.find((lesson) => !existsSync(mineFile(lesson)));
  if (missing === undefined) return;
  const { chapter } = missing.part;
  const number = chapter.slice(0, 2);
  throw new UsageError(
    isBegun(chapter)
      ? words('error.file-gone', { file: shown(mineFile(missing)), number })
      : words('error.not-started', { number }),
  );
}

/** Whether the learner has any file of a chapter. */
export function isBegun(chapter: string): boolean {
  const folder = mineFolder(chapter);
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.ts'));
}

/** Writes the files that are not there yet, and returns them. */
export function addStarters(lessons: readonly Lesson[]): string[] {
  const missing = lessons.filter((lesson) => !existsSync(mineFile(lesson)));
  return missing.map((lesson) => write(lesson, starterOf(lesson.part)));
}

/** Puts the starter in place of what is there; make a {@link backUp} first. */
export function writeStarter(lesson: Lesson): string {
  return write(lesson, starterOf(lesson.part));
}

/** Puts the reference in place of what is there; make a {@link backUp} first. */
export function writeSolution(lesson: Lesson): string {
  return write(lesson, solutionOf(lesson.part));
}

/** Copies a chapter's `mine/`; returns where to, or nothing if there is nothing to copy. */
export function backUp(chapter: string, now: Date): string | undefined {
  const folder = mineFolder(chapter);
  if (!existsSync(folder) || readdirSync(folder).length === 0) return undefined;
  const stamp = now.toISOString().replaceAll(':', '-').replace(/\..*/, '');
  const backup = freeName(path.join(keeping, 'backups', `${chapter}-${stamp}`));
  cpSync(folder, backup, { recursive: true, preserveTimestamps: true });
  return backup;
}

/** Takes a chapter's `mine/` away; make a {@link backUp} first. */
export function clear(chapter: string): void {
  rmSync(mineFolder(chapter), { recursive: true, force: true });
}

/** Two backups in one second are two backups. */
function freeName(wanted: string): string {
  if (!existsSync(wanted)) return wanted;
  for (let count = 2; ; count += 1) {
    const name = `${wanted}-${count}`;
    if (!existsSync(name)) return name;
  }
}

function write(lesson: Lesson, text: string): string {
  const file = mineFile(lesson);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
