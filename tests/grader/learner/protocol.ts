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

/** The code of what is thrown where the module has no such function; the message is its name. */
export const NO_FUNCTION = 'NO_FUNCTION';

/** A program that the learner's function has filled. */
export interface ProgramView {
  /** As `explain` prints it. */
  readonly lines: readonly string[];
  /**
   * One line an operation, without position and origin: `unshare(CLONE_NEWUTS)`. Arguments that were
   * left out are there as zeros, which is what the kernel gets for them.
   */
  readonly calls: readonly string[];
  /** What the function returned, if it is data. */
  readonly returned: unknown;
}

/** What was thrown. */
export interface Thrown {
  /** Of its class; empty for a value that is no Error. */
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  /** It is an error of lib's classes, which can be a function's answer, right or wrong. */
  readonly isOurs: boolean;
  /** Lines of the stack that are in the learner's file: `plan.ts:12:7`. */
  readonly at: readonly string[];
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly thrown: Thrown };
