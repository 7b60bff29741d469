/**
 * Uploads that have begun and not ended. Each holds an ingest of the store open; one that nobody has
 * touched for an hour is thrown away when another begins.
 */
import { randomUUID } from 'node:crypto';
import type { ContentWriter, Ingest } from '../../image/index.ts';
import { ApiError } from './api-error.ts';

export interface Upload {
  readonly id: string;
  readonly repository: string;
  readonly ingest: Ingest;
}

interface Held extends Upload {
  touched: number;
  busy: boolean;
}

/** Milliseconds. */
const IDLE = 3_600_000;
const MAX_UPLOADS = 256;

export class Uploads {
  readonly #content: ContentWriter;
  readonly #lease: string | undefined;
  readonly #now: () => number;
  readonly #held = new Map<string, Held>();

  constructor(content: ContentWriter, lease: string | undefined, now: () => number) {
    this.#content = content;
    this.#lease = lease;
    this.#now = now;
  }

  /** @throws ApiError TOOMANYREQUESTS. */
  begin(repository: string): Upload {
    this.#expire();
    if (this.#held.size >= MAX_UPLOADS) {
      const message = 'too many uploads have begun and not ended';
      throw new ApiError(429, 'TOOMANYREQUESTS', message, { 'retry-after': '60' });
    }
    const id = randomUUID();
    const options = this.#lease === undefined ? {} : { lease: this.#lease };
    const ingest = this.#content.ingest(`upload-${id}`, options);
    const upload = { id, repository, ingest, touched: this.#now(), busy: false };
    this.#held.set(id, upload);
    return upload;
  }

  /** @throws ApiError BLOB_UPLOAD_UNKNOWN. */
  get(repository: string, id: string): Upload {
    return this.#find(repository, id);
  }

  /** Works on an upload alone. @throws ApiError BLOB_UPLOAD_UNKNOWN, BLOB_UPLOAD_INVALID. */
  async use<T>(repository: string, id: string, work: (upload: Upload) => Promise<T>): Promise<T> {
    const upload = this.#find(repository, id);
    if (upload.busy) {
      throw new ApiError(409, 'BLOB_UPLOAD_INVALID', 'another request is sending to this upload');
    }
    upload.busy = true;
    try {
      return await work(upload);
    } finally {
      upload.busy = false;
      upload.touched = this.#now();
    }
  }

  /** Forgets an upload, and what it has if that was not committed. */
  end({ id, ingest }: Upload): void {
    this.#held.delete(id);
    try {
      ingest.abort();
    } catch {
      // It was committed, or refused and is gone; what is left is collected.
    }
  }

  /** Ends all of them. */
  close(): void {
    for (const upload of this.#held.values()) this.end(upload);
  }

  #find(repository: string, id: string): Held {
    const upload = this.#held.get(id);
    if (upload?.repository === repository) return upload;
    throw new ApiError(404, 'BLOB_UPLOAD_UNKNOWN', `there is no such upload: begin anew`);
  }

  #expire(): void {
    const before = this.#now() - IDLE;
    for (const upload of this.#held.values()) {
      if (!upload.busy && upload.touched < before) this.end(upload);
    }
  }
}
