/** Everything about an exercise, brought together: its source, its checks, its words. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Exercise, ExerciseText } from './exercise.ts';
import { learnersLanguage } from './messages.ts';
import { chapterFolders, partsOf, root, type Part } from './source/parts.ts';

export interface Lesson {
  readonly exercise: Exercise;
  readonly part: Part;
  readonly text: ExerciseText;
}

/** A chapter with exercises. */
export interface Chapter {
  /** Such as `01`. */
  readonly number: string;
  /** The folder's name, such as `01-namespaces`. */
  readonly folder: string;
  readonly lessons: readonly Lesson[];
}

/** All chapters that have exercises. */
export async function loadChapters(language: string = learnersLanguage()): Promise<Chapter[]> {
  const folders = chapterFolders().filter((folder) => existsSync(exercisesFolder(folder)));
  return Promise.all(folders.map((folder) => loadChapter(folder, language)));
}

/** @throws Error if the exercises and their sources do not fit together. */
export async function loadChapter(
  folder: string,
  language: string = learnersLanguage(),
): Promise<Chapter> {
  const number = folder.slice(0, 2);
  const homes = readdirSync(exercisesFolder(folder)).filter((name) => /^\d+-/.test(name));
  const byId = new Map(
    await Promise.all(homes.map((home) => loadExercise(folder, home, language))),
  );
  const lessons = partsOf(folder).map((part) => {
    const found = byId.get(part.id);
    if (found === undefined) throw new Error(`${part.path}: exercise ${part.id} has no checks`);
    byId.delete(part.id);
    return { part, ...found };
  });
  const [without] = byId.keys();
  if (without !== undefined) throw new Error(`exercise ${without} has no region in lib`);
  return { number, folder, lessons };
}

function exercisesFolder(folder: string): string {
  return path.join(root, 'chapters', folder, 'exercises');
}

async function loadExercise(
  folder: string,
  home: string,
  language: string,
): Promise<[id: string, { exercise: Exercise; text: ExerciseText }]> {
  const directory = path.join(exercisesFolder(folder), home);
  const url = pathToFileURL(path.join(directory, 'exercise.ts')).href;
  const { exercise } = (await import(url)) as { exercise: Exercise };
  const own = path.join(directory, `${language}.json`);
  const file = existsSync(own) ? own : path.join(directory, 'en.json');
  return [exercise.id, { exercise, text: JSON.parse(readFileSync(file, 'utf8')) as ExerciseText }];
}
