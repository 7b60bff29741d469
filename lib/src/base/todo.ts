import { CoracleError } from './errors.ts';

/** What the body of an exercise is until somebody writes it. */
export class Todo extends CoracleError {
  /** The exercise, such as `01.1`. */
  readonly exercise: string;

  /** @param what the function that is missing. */
  constructor(exercise: string, what: string) {
    super(
      'TODO',
      `exercise ${exercise}: ${what} is still to be written. './workbook list' shows where it is, ` +
        `'./workbook hint ${exercise}' helps`,
    );
    this.exercise = exercise;
  }
}
