import { ftruncateSync, writeSync } from 'node:fs';
import type { Extent } from '../tar/entry.ts';

/** Writes the pieces of a sparse file, which come one after the other, to where they belong. */
export class SparseWriter {
  readonly #fd: number;
  readonly #extents: readonly Extent[];
  readonly #size: number;
  #index = 0;
  /** Bytes of the current extent that are written. */
  #done = 0;

  /** @param size bytes of the whole file. */
  constructor(fd: number, extents: readonly Extent[], size: number) {
    this.#fd = fd;
    this.#extents = extents.filter(({ length }) => length > 0);
    this.#size = size;
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const extent = this.#extents[this.#index];
      // The reader has checked that the extents hold just what is stored.
      if (extent === undefined) return;
      const length = Math.min(bytes.length - at, extent.length - this.#done);
      const written = writeSync(this.#fd, bytes, at, length, extent.offset + this.#done);
      at += written;
      this.#done += written;
      if (this.#done < extent.length) continue;
      this.#index++;
      this.#done = 0;
    }
  }

  /** Gives the file its size: a hole at its end has no data. */
  finish(): void {
    ftruncateSync(this.#fd, this.#size);
  }
}
