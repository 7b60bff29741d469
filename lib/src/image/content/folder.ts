/**
 * A store's folder, and its lock.
 *
 *     root/blobs/ALGORITHM/HEX     content, as in an OCI image layout (image-layout.md, "Blobs")
 *     root/ingest/SHA256-OF-REF/   what is being written, see Ingests
 *     root/metadata.db             what is known about all of it, see MetadataDatabase
 *     root/lock                    flock(2)ed where a file and its row must change together
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { DIGEST_ALGORITHMS, parseDigest, splitDigest } from '../../oci/index.ts';
import { Descriptor, flock, LOCK_EX, LOCK_UN } from '../../sys/index.ts';
import { atPath } from './errors.ts';

export class StoreFolder implements Disposable {
  readonly root: string;
  readonly #durable: boolean;
  readonly #lock: Descriptor;
  #locked = false;

  /** @param durable wait for the disk before anything is acknowledged. */
  constructor(root: string, durable: boolean) {
    this.root = path.resolve(root);
    this.#durable = durable;
    for (const algorithm of DIGEST_ALGORITHMS) this.#make(this.blobs(algorithm));
    this.#make(path.join(this.root, 'ingest'));
    const lock = path.join(this.root, 'lock');
    this.#lock = new Descriptor(atPath(lock, () => openSync(lock, 'a', 0o600)));
  }

  /**
   * Runs a step alone among all processes that use the store. `body` must not wait for anything but
   * the database. Who is in a transaction already must not come here: the lock is the first of the
   * two, for everybody.
   */
  locked<T>(body: () => T): T {
    if (this.#locked) return body();
    flock(this.#lock.fd, LOCK_EX);
    this.#locked = true;
    try {
      return body();
    } finally {
      this.#locked = false;
      flock(this.#lock.fd, LOCK_UN);
    }
  }

  /** The folder of all blobs of an algorithm. */
  blobs(algorithm: string): string {
    return path.join(this.root, 'blobs', algorithm);
  }

  /** Where a blob is, or is to be. @throws DigestError: no other text becomes a file name. */
  blob(digest: string): string {
    const { algorithm, hex } = splitDigest(parseDigest(digest));
    return path.join(this.blobs(algorithm), hex);
  }

  /** The folder of an ingest. A ref may hold anything (`layer-sha256:…`), a file name may not. */
  ingest(ref: string): string {
    return path.join(this.root, 'ingest', createHash('sha256').update(ref).digest('hex'));
  }

  /** Brings a file, or the names in a directory, to the disk. */
  sync(file: string, fd: number): void {
    if (this.#durable) atPath(file, () => fsyncSync(fd));
  }

  syncDirectory(directory: string): void {
    if (!this.#durable) return;
    const fd = atPath(directory, () => openSync(directory, 'r'));
    try {
      this.sync(directory, fd);
    } finally {
      closeSync(fd);
    }
  }

  get isClosed(): boolean {
    return this.#lock.fd < 0;
  }

  close(): void {
    this.#lock.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** A new directory is on the disk once the one it is named in is. */
  #make(directory: string): void {
    const first = atPath(directory, () => mkdirSync(directory, { recursive: true, mode: 0o700 }));
    if (first === undefined) return;
    for (let at = directory; at !== path.dirname(first); at = path.dirname(at)) {
      this.syncDirectory(path.dirname(at));
    }
  }
}
