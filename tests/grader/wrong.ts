/**
 * Wrong solutions: plausible mistakes, each the reference with a small change, each named and found
 * by one check. They test the graders: a mistake that no check finds is a hole.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { solutionOf } from './source/learner-copy.ts';
import { root, type Part } from './source/parts.ts';

export interface WrongSolution {
  /** What was got wrong, in a few words joined by hyphens: `forgets-the-time-namespace`. */
  readonly name: string;
  /** Texts of the reference's file, and what stands there instead; each is there exactly once. */
  readonly change: readonly (readonly [from: string, to: string])[];
  /** The check that finds it: the first that fails. */
  readonly killedBy: string;
  /** The kernel check that finds it too, which so is tested as well. */
  readonly seenByKernel?: string;
}

/** Learner's files that last as long as this object. */
export class Workbench implements Disposable {
  readonly #folder: string;

  constructor(name: string) {
    // Inside the repository, where `coracle/…` resolves; not in node_modules, where Node leaves types.
    this.#folder = path.join(root, '.workbook', `${name}-${process.pid}`);
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Puts `text` into a file of the part's name, in a folder of its own. */
  put(part: Part, folder: string, text: string): string {
    const directory = path.join(this.#folder, folder);
    mkdirSync(directory, { recursive: true });
    const file = path.join(directory, part.file);
    writeFileSync(file, text);
    return file;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The text of a wrong solution. Throws if the reference has changed under it. */
export function wrongText(part: Part, { name, change }: WrongSolution): string {
  const text = change.reduce((before, [from, to]) => {
    const count = before.split(from).length - 1;
    if (count === 1) return before.replace(from, () => to);
    throw new Error(
      `${part.path}: the text that '${name}' changes is there ${count} times: ${from}`,
    );
  }, part.text);
  return solutionOf(part, text);
}
