/**
 * What grader and learner's process say to each other.
 *
 * The learner's code runs in a process of its own, which only answers: it is told a call and its
 * arguments, and sends back what came. Whatever that process says is a claim; the checks that
 * judge it run in the grader, where no learner's code is ever loaded.
 */

/** What is to be done with the learner's module. */
export type Request =
  /** Call a function that it exports. */
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly unknown[] }
  /** The same, with a new program as the first argument; the answer is a {@link ProgramView}. */
  | { readonly kind: 'program'; readonly name: string; readonly args: readonly unknown[] }
  /** Call a function of the exercise's driver, with the module and `input`. */
  | {
      readonly kind: 'drive';
      readonly driver: string;
      readonly name: string;
      readonly input: unknown;
    };

/** A program that the learner's function has filled. */
export interface ProgramView {
  /** As `explain` prints it. */
  readonly lines: readonly string[];
  /** One line an operation, without position and origin: `unshare(CLONE_NEWUTS)`. */
  readonly calls: readonly string[];
  /** What the function returned, if it is data. */
  readonly returned: unknown;
}

/** What was thrown. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  /** Lines of the stack that are in the learner's file: `plan.ts:12:7`. */
  readonly at: readonly string[];
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly thrown: Thrown };
