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

  /** The number; −1 once it is closed or released. */
  get fd(): number {
    return this.#fd;
  }

  /** Closes the descriptor, once. Throws Node's EBADF if somebody else has closed it. */
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

  /** Closes the descriptor at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }
}
