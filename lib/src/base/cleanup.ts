/**
 * Undo steps for work that may fail half-way.
 *
 * Register each undo right after its step has succeeded. `run()` takes them last to first, and
 * one that fails never hides the error that started the clean-up, nor stops the others.
 */
export class Cleanup {
  readonly #steps: { what: string; undo: () => void }[] = [];

  /** Registers how to undo a step; `what` names the undoing in a message. */
  add(what: string, undo: () => void): void {
    this.#steps.push({ what, undo });
  }

  /** Forgets every step: the work has succeeded and is now somebody's. */
  keep(): void {
    this.#steps.length = 0;
  }

  /** Undoes everything and returns what could not be undone, in words. */
  run(): string[] {
    const failures: string[] = [];
    for (const { what, undo } of this.#steps.toReversed()) {
      try {
        undo();
      } catch (error) {
        failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    this.keep();
    return failures;
  }
}
