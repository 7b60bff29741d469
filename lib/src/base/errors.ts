/**
 * The root of every error that Coracle raises on purpose.
 *
 * `message` is for a person: what was wrong, where, and what to do next. `code` is for a program
 * and never changes. `cause` is the error underneath, if there was one.
 */
export class CoracleError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The message of anything that was thrown, an `Error` or not. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
