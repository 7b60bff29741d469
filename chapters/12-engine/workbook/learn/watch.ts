/**
 * `./workbook watch [NN]`: runs the checks of an exercise whenever its file is saved.
 *
 * It looks at the files' times a few times a second: that works in every shared folder, where
 * inotify does not cross. On a terminal single keys act; in a pipe it only prints, until SIGINT.
 */
import { existsSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf } from '../../../../tests/grader/grade.ts';
import type { Lesson } from '../../../../tests/grader/lessons.ts';
import type { Graded } from '../../../../tests/grader/report/graded.ts';
import { gradeAll } from './grade.ts';
import { hintText } from './hint.ts';
import { Keys } from './keys.ts';
import { list } from './list.ts';
import { isBegun, mineFile, mineFolder, shown } from './mine.ts';
import { firstFailure, printExercise } from './print.ts';
import { isSolved, readProgress, remember } from './progress.ts';
import { select, type Selection } from './selection.ts';
import { UsageError } from './usage-error.ts';
import { words } from './words.ts';

const POLL_MS = 150;

export async function watch(names: readonly string[]): Promise<number> {
  const selection = (await select(names.slice(0, 1))).find(({ chapter }) =>
    isBegun(chapter.folder),
  );
  if (selection === undefined) {
    throw new UsageError(words('error.not-started', { number: names[0] ?? '01' }));
  }
  using keys = new Keys();
  const watching = new Watching(selection);
  await watching.show();
  for (;;) {
    const key = keys.take();
    if (key === 'q' || keys.ended) return 0;
    if (key !== undefined) await watching.press(key);
    await watching.poll();
    await sleep(POLL_MS);
  }
}

class Watching {
  readonly #selection: Selection;
  #current: Lesson | undefined;
  #last: Graded | undefined;
  #times: ReadonlyMap<string, number>;

  constructor(selection: Selection) {
    this.#selection = selection;
    this.#current = firstOpen(selection.lessons);
    this.#times = timesOf(selection.lessons);
  }

  /** Grades the exercise that the learner is at, and prints it. */
  async show(): Promise<void> {
    const { chapter } = this.#selection;
    if (this.#current === undefined) {
      say(words('watch.done', { number: chapter.number }));
    } else await this.#grade(this.#current);
    say(words('watch.waiting', { folder: shown(mineFolder(chapter.folder)) }));
    if (process.stdin.isTTY) say(words('watch.keys'));
  }

  async press(key: string): Promise<void> {
    if (key === 'h' && this.#last !== undefined) process.stdout.write(`\n${hintText(this.#last)}`);
    else if (key === 'l') await list([this.#selection.chapter.number]);
    else if (key === 'r') await this.show();
    else if (key === 'n') {
      this.#current = this.#after(this.#current);
      await this.show();
    }
  }

  /** A file that was saved is the one that the learner is at. */
  async poll(): Promise<void> {
    const times = timesOf(this.#selection.lessons);
    const saved = this.#selection.lessons.find((lesson) => {
      const file = mineFile(lesson);
      return times.get(file) !== this.#times.get(file);
    });
    this.#times = times;
    if (saved === undefined) return;
    if (!existsSync(mineFile(saved))) {
      // An editor may be putting a new file in the place of the old one.
      await sleep(POLL_MS);
      this.#times = timesOf(this.#selection.lessons);
    }
    this.#current = saved;
    await this.show();
  }

  async #grade(lesson: Lesson): Promise<void> {
    const file = mineFile(lesson);
    const names = { file: shown(file), number: this.#selection.chapter.number };
    if (!existsSync(file)) {
      this.#last = undefined;
      say(words('watch.gone', names));
      return;
    }
    const [graded] = await gradeAll([lesson], mineFile);
    // Part of it is of the file as it was before: poll finds the new one, and runs it.
    if (graded?.result.digest !== digestOf(file)) {
      say(words('watch.meanwhile', names));
      return;
    }
    this.#last = graded;
    if (graded !== undefined) this.#tell(graded);
  }

  #tell(graded: Graded): void {
    printExercise(graded);
    remember([graded.result], new Date());
    const { lesson, result } = graded;
    if (firstFailure(graded) !== undefined || result.earned < result.points) return;
    say(words('watch.solved', { id: result.id, title: lesson.text.title }));
    const next = firstOpen(this.#selection.lessons);
    const { number } = this.#selection.chapter;
    say(
      next === undefined
        ? words('watch.done', { number })
        : words('watch.next', {
            id: next.exercise.id,
            title: next.text.title,
            file: shown(mineFile(next)),
          }),
    );
  }

  #after(lesson: Lesson | undefined): Lesson | undefined {
    const { lessons } = this.#selection;
    const at = lessons.findIndex((each) => each === lesson);
    return lessons[(at + 1) % lessons.length];
  }
}

function firstOpen(lessons: readonly Lesson[]): Lesson | undefined {
  const progress = readProgress();
  return lessons.find((lesson) => !isSolved(lesson, progress));
}

function timesOf(lessons: readonly Lesson[]): Map<string, number> {
  return new Map(
    lessons
      .map(mineFile)
      .map((file) => [file, statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0]),
  );
}

function say(text: string): void {
  process.stdout.write(`\n${text}\n`);
}
