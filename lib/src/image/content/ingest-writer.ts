/**
 * An ingest that somebody writes to. `offset` bytes are in the file and in the hash, always: what was
 * written of a chunk that failed half-way is cut off again.
 */
import { createHash, type Hash } from 'node:crypto';
import { ftruncateSync, openSync, writeSync } from 'node:fs';
import { parseDigest, splitDigest, type Digest, type DigestAlgorithm } from '../../oci/index.ts';
import { Descriptor } from '../../sys/index.ts';
import { ImageError } from '../errors.ts';
import { atPath } from './errors.ts';
import { digestOf, hashFile } from './hash-file.ts';
import type { Ingests, OpenIngest } from './ingests.ts';
import { checkLabels } from './labels.ts';
import { publish, type StoreParts } from './publish.ts';
import type { ContentInfo, ContentLabels, Ingest, IngestOptions } from './types.ts';

/** What is to be true of it at the end. */
interface Expected {
  readonly digest?: Digest;
  readonly size?: number;
  readonly labels?: ContentLabels;
}

/** Begins, or goes on with, an ingest; see `ContentWriter`. */
export function openWriter(
  store: StoreParts,
  ingests: Ingests,
  ref: string,
  options: IngestOptions,
): Ingest {
  const { digest, lease, total } = options;
  if (digest !== undefined) parseDigest(digest);
  if (lease !== undefined) store.leases.add(lease, { type: 'ingest', id: ref });
  const open = ingests.open(ref, total);
  let data: Descriptor | undefined;
  try {
    data = new Descriptor(atPath(open.data, () => openSync(open.data, 'a+', 0o600)));
    return new IngestWriter(store, ingests, { ref, options, open, data });
  } catch (error) {
    data?.close();
    open.lock.close();
    throw error;
  }
}

interface Opened {
  readonly ref: string;
  readonly options: IngestOptions;
  readonly open: OpenIngest;
  readonly data: Descriptor;
}

class IngestWriter implements Ingest {
  readonly ref: string;
  readonly total: number | undefined;
  readonly #store: StoreParts;
  readonly #ingests: Ingests;
  readonly #options: IngestOptions;
  readonly #open: OpenIngest;
  readonly #data: Descriptor;
  readonly #algorithm: DigestAlgorithm;
  #hash: Hash;
  #offset: number;

  /** What is there already goes through the hash; more than `total` is of something else. */
  constructor(store: StoreParts, ingests: Ingests, { ref, options, open, data }: Opened) {
    this.ref = ref;
    this.total = open.total;
    this.#store = store;
    this.#ingests = ingests;
    this.#options = options;
    this.#open = open;
    this.#data = data;
    this.#algorithm = algorithmOf(options.digest) ?? 'sha256';
    this.#hash = createHash(this.#algorithm);
    this.#offset = atPath(open.data, () => hashFile(data.fd, this.#hash));
    if (this.#offset > (this.total ?? Infinity)) this.reset();
  }

  get offset(): number {
    return this.#offset;
  }

  write(chunk: Uint8Array): void {
    this.#checkOpen();
    if (this.#offset + chunk.length > (this.total ?? Infinity)) {
      const message = `${this.ref}: more than the ${String(this.total)} bytes that were announced`;
      throw new ImageError('BAD_CONTENT', `${message}: do not use what sent it`);
    }
    try {
      for (let at = 0; at < chunk.length;) {
        at += atPath(this.#open.data, () => writeSync(this.#data.fd, chunk, at));
      }
    } catch (error) {
      this.#cutOff();
      throw error;
    }
    this.#hash.update(chunk);
    this.#offset += chunk.length;
  }

  reset(): void {
    this.#checkOpen();
    atPath(this.#open.data, () => ftruncateSync(this.#data.fd, 0));
    this.#hash = createHash(this.#algorithm);
    this.#offset = 0;
  }

  commit(expected: Expected): ContentInfo {
    this.#checkOpen();
    const { labels = {} } = expected;
    checkLabels(labels);
    const digest = this.#verify(expected);
    this.#store.folder.sync(this.#open.data, this.#data.fd);
    const { data } = this.#open;
    const { lease } = this.#options;
    const named = { data, ref: this.ref, digest, size: this.#offset, labels, lease };
    const info = publish(this.#store, named);
    try {
      this.abort();
    } catch {
      // It is a blob already; what is left of its ingest's folder is collected.
    }
    return info;
  }

  close(): void {
    this.#data.close();
    this.#open.lock.close();
  }

  abort(): void {
    this.#checkOpen();
    try {
      this.#ingests.remove(this.#open);
    } finally {
      this.close();
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Returns the digest; of what is wrong nothing is kept. */
  #verify({ digest = this.#options.digest, size = this.total }: Expected): Digest {
    if (digest !== undefined) parseDigest(digest);
    const found = this.#digest(algorithmOf(digest) ?? this.#algorithm);
    const rightSize = this.#offset === (size ?? this.#offset);
    if (rightSize && found === (digest ?? found)) return found;
    const wrong = rightSize
      ? `its digest is ${found}, not ${String(digest)}`
      : `it has ${this.#offset} bytes, not ${String(size)}`;
    const next = 'nothing of it was kept; fetch it again, and elsewhere if that fails too';
    const error = new ImageError('BAD_CONTENT', `${this.ref}: ${wrong}: ${next}`);
    try {
      this.abort();
    } catch (cause) {
      error.cause = cause;
    }
    throw error;
  }

  #digest(algorithm: DigestAlgorithm): Digest {
    if (algorithm === this.#algorithm) return digestOf(algorithm, this.#hash);
    const hash = createHash(algorithm);
    atPath(this.#open.data, () => hashFile(this.#data.fd, hash));
    return digestOf(algorithm, hash);
  }

  /** Where that fails too, the writer is of no more use; the next one hashes what is there. */
  #cutOff(): void {
    try {
      ftruncateSync(this.#data.fd, this.#offset);
    } catch {
      this.close();
    }
  }

  #checkOpen(): void {
    if (this.#data.fd >= 0) return;
    const message = `the ingest ${this.ref} was closed: begin it again, it goes on where it was`;
    throw new ImageError('FAILED_PRECONDITION', message);
  }
}

function algorithmOf(digest: Digest | undefined): DigestAlgorithm | undefined {
  return digest && splitDigest(digest).algorithm;
}
