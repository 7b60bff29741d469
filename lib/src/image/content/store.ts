/**
 * The content store in a folder: see `types` for what it promises, `StoreFolder` for its files,
 * `publish` for the order of changes, and `collect` for what may go.
 *
 * Any number of processes may use one folder at once.
 */
import path from 'node:path';
import { MAX_DOCUMENT_SIZE, type Digest } from '../../oci/index.ts';
import { ImageError } from '../errors.ts';
import { Blobs } from './blobs.ts';
import { readVerified, verifyAll } from './check-content.ts';
import { collect } from './collect.ts';
import { MetadataDatabase } from './database.ts';
import { StoreFolder } from './folder.ts';
import { ImageTable } from './images.ts';
import { openWriter } from './ingest-writer.ts';
import { Ingests } from './ingests.ts';
import { LeaseTable } from './leases.ts';
import { remove, type StoreParts } from './publish.ts';
import type {
  Collected,
  CollectOptions,
  Content,
  ContentInfo,
  ContentLabels,
  ContentProblem,
  Images,
  Ingest,
  IngestOptions,
  IngestStatus,
  Leases,
} from './types.ts';

/** How careful a store is. */
export interface ContentStoreOptions {
  /** Wait for the disk before anything is acknowledged (fsync(2)). Default true. */
  readonly durable?: boolean;
}

/**
 * Opens a store, and makes it if there is none.
 *
 * @throws ImageError FAILED_PRECONDITION for a newer format, DATA_LOSS for a damaged database;
 *   ContentFileError for what the disk refuses.
 */
export function openContentStore(root: string, options: ContentStoreOptions = {}): ContentStore {
  return new ContentStore(root, options);
}

export class ContentStore implements Content, Disposable {
  /** The store's folder, absolute. */
  readonly root: string;
  readonly images: Images;
  readonly leases: Leases;
  readonly #parts: StoreParts;
  readonly #ingests: Ingests;

  constructor(root: string, { durable = true }: ContentStoreOptions = {}) {
    const folder = new StoreFolder(root, durable);
    const database = openDatabase(folder, durable);
    const leases = new LeaseTable(database);
    this.root = folder.root;
    this.images = new ImageTable(database);
    this.leases = leases;
    this.#parts = { folder, database, blobs: new Blobs(database), leases };
    this.#ingests = new Ingests(folder);
  }

  info(digest: Digest): ContentInfo {
    return this.#parts.blobs.get(digest);
  }

  /** Whether a blob is there. */
  has(digest: Digest): boolean {
    return this.#parts.blobs.has(digest);
  }

  path(digest: Digest): string {
    return this.#parts.folder.blob(this.info(digest).digest);
  }

  /**
   * A small blob as a whole, verified.
   *
   * @param limit bytes; default: as large as a manifest or a config may be.
   */
  read(digest: Digest, limit = MAX_DOCUMENT_SIZE): Buffer {
    const info = this.info(digest);
    if (info.size <= limit) return readVerified(this.#parts, info);
    const message = `content ${digest} has ${info.size} bytes, and at most ${limit} are read here`;
    throw new ImageError('TOO_LARGE', `${message}: it is not what it was taken for`);
  }

  /** Every blob, in the order of their digests. */
  walk(): Generator<ContentInfo> {
    return this.#parts.blobs.walk();
  }

  label(digest: Digest, labels: ContentLabels): ContentInfo {
    return this.#parts.blobs.label(digest, labels);
  }

  /** @throws ImageError NOT_FOUND if the lease is not there or has expired. */
  keep(digest: Digest, lease: string): boolean {
    const { database, blobs, leases } = this.#parts;
    return database.transaction(() => {
      leases.check(lease);
      if (!blobs.has(digest)) return false;
      leases.add(lease, { type: 'content', id: digest });
      return true;
    });
  }

  /** Deletes a blob, whoever needs it; `false` if it is not there. */
  delete(digest: Digest): boolean {
    return remove(this.#parts, digest);
  }

  ingest(ref: string, options: IngestOptions = {}): Ingest {
    return openWriter(this.#parts, this.#ingests, ref, options);
  }

  /** What is being written, or waits to be resumed, in the order of their refs. */
  ingests(): IngestStatus[] {
    return this.#ingests.list();
  }

  /** Throws an ingest away; `false` if it is not there. @throws ImageError UNAVAILABLE. */
  abort(ref: string): boolean {
    return this.#ingests.abort(ref);
  }

  /** Removes what nobody needs; see the head of `collect`. */
  collect(options: CollectOptions = {}): Collected {
    return collect(this.#parts, this.#ingests, options);
  }

  /** Reads every blob, and tells those whose size or digest is not what it is called. */
  verify(): AsyncGenerator<ContentProblem> {
    return verifyAll(this.#parts);
  }

  /** Lets go of the folder; may be called twice. */
  close(): void {
    const { folder, database } = this.#parts;
    if (folder.isClosed) return;
    try {
      folder.locked(() => database.close());
    } finally {
      folder.close();
    }
  }

  /** As {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}

function openDatabase(folder: StoreFolder, durable: boolean): MetadataDatabase {
  try {
    const file = path.join(folder.root, 'metadata.db');
    return folder.locked(() => new MetadataDatabase(file, durable));
  } catch (error) {
    folder.close();
    throw error;
  }
}
