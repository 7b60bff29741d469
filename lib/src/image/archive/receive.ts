/** Files of an archive or a layout on their way into the store. */
import { randomUUID } from 'node:crypto';
import type { Digest } from '../../oci/index.ts';
import type { Content, ContentInfo, Ingest } from '../content/types.ts';

/** How what is imported is kept, and who is told. */
export interface ImportOptions {
  /** The lease, by its id, that keeps everything until a name does. */
  readonly lease?: string;
  readonly signal?: AbortSignal;
  /** Called often: who shows it chooses how often to show it. */
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** How far one file of the source is. */
export interface ImportProgress {
  /** Its name in the archive or layout. */
  readonly file: string;
  /** Bytes that are done, of `size`. */
  readonly offset: number;
  readonly size: number;
}

/** What is known of a file before it is read. */
export interface Announced {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** What its name or its descriptor promises. */
  readonly digest?: Digest;
}

/** Whether a blob is there, and stays there as long as the lease. */
export function isKept(content: Content, digest: Digest, { lease }: ImportOptions): boolean {
  return lease === undefined ? content.has(digest) : content.keep(digest, lease);
}

/** A file that becomes a blob, or nothing at all: it is never left to be resumed. */
export class Receiver {
  readonly #file: Announced;
  readonly #options: ImportOptions;
  readonly #ingest: Ingest;

  /** The ref is nobody else's, so that two imports of the same file do not wait for each other. */
  constructor(content: Content, file: Announced, options: ImportOptions) {
    const { digest, size: total } = file;
    const { lease } = options;
    this.#file = file;
    this.#options = options;
    this.#ingest = content.ingest(`${file.name} (import ${randomUUID()})`, {
      total,
      ...(digest !== undefined && { digest }),
      ...(lease !== undefined && { lease }),
    });
  }

  write(bytes: Uint8Array): void {
    this.#ingest.write(bytes);
    const { name, size } = this.#file;
    this.#options.onProgress?.({ file: name, offset: this.#ingest.offset, size });
  }

  /** @throws ImageError BAD_CONTENT if it is not what it was announced to be. */
  commit(): ContentInfo {
    return this.#ingest.commit({ size: this.#file.size });
  }

  /** Throws it away. Never fails: it is called where an error is under way already. */
  abort(): void {
    try {
      this.#ingest.abort();
    } catch {
      // A failed commit has done so itself; the rest is for a collection to remove.
    }
  }
}

/** Keeps a small content. */
export function receiveBytes(
  content: Content,
  name: string,
  bytes: Uint8Array,
  options: ImportOptions,
): ContentInfo {
  const receiver = new Receiver(content, { name, size: bytes.length }, options);
  try {
    receiver.write(bytes);
    return receiver.commit();
  } catch (error) {
    receiver.abort();
    throw error;
  }
}
