/**
 * An exercise as a chapter defines it, in `chapters/NN-name/exercises/K-name/exercise.ts`.
 *
 * What a learner reads about it (its title, causes, hints) is in catalogues beside it, one a
 * language: `en.json`. Its source and docstring are in lib (source/parts.ts).
 */
import type { Attempt } from './attempt.ts';

/** One thing that the learner's code must do. */
export interface Check {
  /** Short, of this exercise only, such as `empty-path`; the catalogue explains it. */
  readonly id: string;
  /** `kernel`: it makes system calls, so it needs Linux and root. */
  readonly needs?: 'kernel';
  /** Acts, observes, and throws a `CheckFailure` (through the attempt's methods) if it is not so. */
  readonly run: (attempt: Attempt) => Promise<void>;
}

export interface Exercise {
  /** Such as `01.1`. */
  readonly id: string;
  readonly points: number;
  /** From the simplest to the hardest: the learner is told of the first that fails. */
  readonly checks: readonly Check[];
  /** A module whose functions get the learner's module and an input: for what cannot be sent. */
  readonly driver?: string;
  /**
   * Shows the learner's function at work, for `./workbook explain`; the attempt records what it
   * does. Without one, the first check that fills a program is shown.
   */
  readonly show?: (attempt: Attempt) => Promise<void>;
}

/** What is said about a check, when it fails. */
export interface CheckText {
  /** What must be so: `an empty path is no path`. */
  readonly title: string;
  /** The likely cause, as a sentence to the learner. */
  readonly cause: string;
  /** Two rungs of help: a nudge, and then how it really works. No code. */
  readonly hints: readonly [string, string];
}

/** The catalogue of an exercise in one language. */
export interface ExerciseText {
  readonly title: string;
  /** One or two sentences: what is to be written, and what for. */
  readonly task: string;
  readonly checks: Readonly<Record<string, CheckText>>;
  /** Steps and expectations that the checks name, where a value does not speak for itself. */
  readonly says?: Readonly<Record<string, string>>;
  /** The third rung: the steps of a solution in words. */
  readonly outline: readonly string[];
  readonly read: {
    /** A heading of the chapter's page, such as `#the-fork-in-the-middle`. */
    readonly page: string;
    readonly man: readonly string[];
  };
}
