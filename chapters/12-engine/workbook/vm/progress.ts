/**
 * What is being waited for, on stderr: one line that is rewritten on a terminal, and elsewhere a
 * plain line every half minute.
 */
import { styleText } from 'node:util';

const plainEveryMs = 30_000;

export class Progress implements Disposable {
  readonly #what: string;
  readonly #started = performance.now();
  #lastPlain = -Infinity;

  constructor(what: string) {
    this.#what = what;
    this.show('');
  }

  /** @param detail what can be seen of it just now. */
  show(detail: string): void {
    const seconds = this.#seconds();
    if (process.stderr.isTTY) {
      const line = `vm: ${this.#what}, ${seconds} s  ${detail}`;
      process.stderr.write(
        `\r\u001b[K${styleText('dim', line.slice(0, process.stderr.columns - 1))}`,
      );
      return;
    }
    if (performance.now() - this.#lastPlain < plainEveryMs) return;
    this.#lastPlain = performance.now();
    process.stderr.write(`vm: ${this.#what}, ${seconds} s${detail === '' ? '' : `: ${detail}`}\n`);
  }

  [Symbol.dispose](): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    process.stderr.write(`vm: ${this.#what}: ${this.#seconds()} s\n`);
  }

  #seconds(): number {
    return Math.round((performance.now() - this.#started) / 1000);
  }
}
