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
