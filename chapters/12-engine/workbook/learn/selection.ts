/** What a learner may type for a chapter (`1`, `01`, `namespaces`) or an exercise (`1.4`). */
import { loadChapters, type Chapter, type Lesson } from '../../../../tests/grader/lessons.ts';
import { UsageError } from './usage-error.ts';
import { words } from './words.ts';

/** A chapter and those of its exercises that are meant. */
export interface Selection {
  readonly chapter: Chapter;
  readonly lessons: readonly Lesson[];
}

/** All chapters when nothing is named. */
export async function select(names: readonly string[]): Promise<Selection[]> {
  const chapters = await loadChapters();
  if (names.length === 0) return chapters.map((chapter) => ({ chapter, lessons: chapter.lessons }));
  return names.map((name) => selectOne(chapters, name));
}

/** The one exercise that is named. */
export async function selectLesson(name: string): Promise<Lesson> {
  const selection = selectOne(await loadChapters(), name);
  const [lesson, ...others] = selection.lessons;
  if (lesson !== undefined && others.length === 0) return lesson;
  throw new UsageError(words('error.exercise', { name, example: `${selection.chapter.number}.1` }));
}

function selectOne(chapters: readonly Chapter[], name: string): Selection {
  const [first = '', exercise] = name.split('.');
  const chapter = chapters.find(({ number, folder }) =>
    [number, String(Number(number)), folder, folder.slice(3)].includes(first),
  );
  if (chapter === undefined) {
    const known = chapters.map(({ folder }) => folder).join(', ');
    throw new UsageError(words('error.chapter', { name, known }));
  }
  if (exercise === undefined) return { chapter, lessons: chapter.lessons };
  const id = `${chapter.number}.${exercise}`;
  const lessons = chapter.lessons.filter((lesson) => lesson.exercise.id === id);
  if (lessons.length > 0) return { chapter, lessons };
  const known = chapter.lessons.map((lesson) => lesson.exercise.id).join(', ');
  throw new UsageError(words('error.no-exercise', { name, known }));
}
