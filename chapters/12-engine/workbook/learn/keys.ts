/** Single keys from a terminal; nothing from a pipe. Restores the terminal when it is disposed. */
export class Keys implements Disposable {
  readonly #pressed: string[] = [];
  /** The learner wants to end it: Ctrl-C, Ctrl-D, or a signal. */
  ended = false;
  readonly #raw = process.stdin.isTTY;
  readonly #end = (): void => {
    this.ended = true;
  };

  constructor() {
    process.on('SIGINT', this.#end).on('SIGTERM', this.#end).on('SIGHUP', this.#end);
    if (!this.#raw) return;
    process.stdin.setRawMode(true);
    process.stdin.setEncoding('utf8').on('data', this.#receive);
  }

  /** The next key that was pressed, if one was. */
  take(): string | undefined {
    return this.#pressed.shift();
  }

  [Symbol.dispose](): void {
    process.off('SIGINT', this.#end).off('SIGTERM', this.#end).off('SIGHUP', this.#end);
    if (!this.#raw) return;
    process.stdin.off('data', this.#receive).setRawMode(false);
    process.stdin.pause();
  }

  readonly #receive = (text: string): void => {
    // In raw mode the terminal sends these as they are.
    if (text.includes('\u0003') || text.includes('\u0004')) this.ended = true;
    this.#pressed.push(...text.split(''));
  };
}
