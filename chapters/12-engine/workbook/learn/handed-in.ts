/** Where the files are that are graded: the learner's own, or what somebody has handed in. */
import { copyFileSync, lstatSync, mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Lesson } from '../../../../tests/grader/lessons.ts';
import { keeping, mineFile, shown } from './mine.ts';
import { UsageError } from './usage-error.ts';
import { words } from './words.ts';

/** The learner's own files, or a copy of what somebody has handed in. */
export class HandedIn implements Disposable {
  readonly #from: string | undefined;
  readonly #found = new Map<Lesson, string>();
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
    this.#found.set(lesson, found);
    return copy;
  }

  /** The file, as whoever reads the result knows it. */
  shown(lesson: Lesson): string {
    if (this.#from === undefined) return shown(mineFile(lesson));
    const found = this.#found.get(lesson);
    return found === undefined ? lesson.part.file : path.relative(this.#from, found);
  }

  [Symbol.dispose](): void {
    rmSync(this.#copies, { recursive: true, force: true });
  }
}
