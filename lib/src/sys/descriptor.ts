import { closeSync } from 'node:fs';

/**
 * An open file descriptor that closes itself at the end of a `using` block.
 *
 * `close()` may be called twice; `release()` hands the number to somebody else.
 */
export class Descriptor implements Disposable {
  #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  get fd(): number {
    return this.#fd;
  }

  close(): void {
    if (this.#fd < 0) return;
    const fd = this.#fd;
    this.#fd = -1;
    closeSync(fd);
  }

  /** Gives up ownership and returns the number. */
  release(): number {
    const fd = this.#fd;
    this.#fd = -1;
    return fd;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
