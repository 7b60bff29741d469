/**
 * The content store: blobs by digest, the same for every layer above (containerd, docs/content-flow
 * and core/content).
 *
 *     ingest(ref) ─▶ write … ─▶ commit(digest) ─▶ blob ─▶ delete, or collected when nobody needs it
 *          ▲            │
 *          └── resumes ─┘ (the same ref again, also after a crash, goes on where it stopped)
 */
import type { Digest, ImageDescriptor } from '../../oci/index.ts';

export type ContentLabels = Readonly<Record<string, string>>;

/** What is known about a blob. */
export interface ContentInfo {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly labels: ContentLabels;
  /** RFC 3339, UTC. */
  readonly created: string;
  readonly updated: string;
}

/** A blob that is being written. */
export interface Ingest extends Disposable {
  readonly ref: string;
  /** Bytes that are there already; writing goes on from here. */
  readonly offset: number;
  /** What is expected in all, if that was said. */
  readonly total: number | undefined;

  /** Appends. @throws ImageError BAD_CONTENT beyond `total`; SyscallError or ENOSPC as they come. */
  write(chunk: Uint8Array): void;

  /** Throws away what was written so far, to begin anew. */
  reset(): void;

  /**
   * Makes it a blob: verified, on disk (fsync) and named by its digest, or not there at all. That
   * another one committed the same is no error.
   *
   * @throws ImageError BAD_CONTENT when size or digest are not these: nothing of it is kept.
   */
  commit(expected: { digest?: Digest; size?: number; labels?: ContentLabels }): ContentInfo;

  /** Lets go; what was written stays, to be resumed. */
  close(): void;

  /** Lets go, and throws away what was written. */
  abort(): void;
}

/** What an unfinished ingest is known by. */
export interface IngestStatus {
  readonly ref: string;
  readonly offset: number;
  readonly total: number | undefined;
  readonly started: string;
  readonly updated: string;
}

/** Keeps content from being collected, until it is released or has expired. */
export interface Lease extends Disposable {
  readonly id: string;
  /** RFC 3339; never, if undefined. */
  readonly expires: string | undefined;
  /** Ends it; what it kept may be collected. `using` does not: see `Leases`. */
  release(): void;
}

/** What is known about a lease. */
export interface LeaseInfo {
  readonly id: string;
  /** RFC 3339, UTC, as are all times here. */
  readonly created: string;
  /** Never, if undefined. */
  readonly expires: string | undefined;
  /** With `containerd.io/gc.flat`, what its content refers to is not kept. */
  readonly labels: ContentLabels;
}

/** A thing that a lease keeps. */
export interface LeaseResource {
  readonly type: 'content' | 'ingest' | 'snapshot';
  /** A digest, an ingest's ref, or `SNAPSHOTTER/KEY`. */
  readonly id: string;
}

/** How a lease is made. */
export interface LeaseOptions {
  /** Default: one that nobody has. */
  readonly id?: string;
  /** RFC 3339 as text; default: never, so that a crash leaves what was kept for ever. */
  readonly expires?: string | Date;
  readonly labels?: ContentLabels;
}

/**
 * Leases by their ids. A lease ends by `release` or `delete`, or expires, and by nothing else: not at
 * the end of a `using` block either, so that a pull that failed finds next time what it has fetched.
 */
export interface Leases {
  /** @throws ImageError ALREADY_EXISTS; INVALID_ARGUMENT for a time that is none. */
  create(options?: LeaseOptions): Lease;
  /** In the order of their ids; the expired ones too, until the next collection. */
  list(): LeaseInfo[];
  /** `false` if it is not there. */
  delete(id: string): boolean;
  /** @throws ImageError NOT_FOUND. */
  resources(id: string): LeaseResource[];
  /**
   * Keeps a thing, whether it is there or not; for a blob that is there `Content.keep` says so.
   *
   * @throws ImageError NOT_FOUND if the lease is not there or has expired.
   */
  add(id: string, resource: LeaseResource): void;
}

/** A name of an image, such as `docker.io/library/busybox:latest`. */
export interface Image {
  readonly name: string;
  readonly target: ImageDescriptor;
  readonly labels: ContentLabels;
  readonly created: string;
  readonly updated: string;
}

/** Images by their names. What an image's target refers to is kept as long as the image is. */
export interface Images {
  /** @throws ImageError NOT_FOUND. */
  get(name: string): Image;
  /** The image of a name, if there is one. */
  find(name: string): Image | undefined;
  /** In the order of their names. */
  list(): Image[];
  /** Makes or replaces it; the labels too. @throws ImageError INVALID_ARGUMENT, DigestError. */
  put(image: Pick<Image, 'name' | 'target'> & { labels?: ContentLabels }): Image;
  /** `false` if it is not there. Its content stays until the next collection. */
  delete(name: string): boolean;
}

/** What a collection may remove besides blobs. */
export interface CollectOptions {
  /** Milliseconds: removes ingests that nobody wrote to for longer. Default: none. */
  readonly ingestsOlderThan?: number;
}

/** What a collection has done. */
export interface Collected {
  readonly removed: readonly Digest[];
  /** Bytes of all files that were removed. */
  readonly bytes: number;
  /** Refs of ingests that were removed. */
  readonly ingests: readonly string[];
  /** Ids of leases that had expired, and are gone. */
  readonly leases: readonly string[];
  /**
   * Snapshots that are needed, each as `SNAPSHOTTER/KEY`. Who removes the others lists them before
   * the collection, since one that is made after it is missing here too.
   */
  readonly snapshots: ReadonlySet<string>;
}

/** A blob that is not what it is called. */
export interface ContentProblem {
  readonly digest: Digest;
  readonly path: string;
  /** What is wrong, and what to do. */
  readonly message: string;
}

/** What readers of blobs use. */
export interface ContentReader {
  /** @throws ImageError NOT_FOUND. */
  info(digest: Digest): ContentInfo;
  /** Whether a blob is there. */
  has(digest: Digest): boolean;
  /** The file of a blob, to be opened for reading. @throws ImageError NOT_FOUND. */
  path(digest: Digest): string;
  /**
   * A small blob as a whole, verified.
   *
   * @param limit bytes; a blob that is larger is refused before it is read.
   * @throws ImageError NOT_FOUND, TOO_LARGE; DATA_LOSS if the file is no longer what it was.
   */
  read(digest: Digest, limit?: number): Buffer;
}

/** What an ingest is told beforehand. */
export interface IngestOptions {
  /** Bytes expected in all. */
  readonly total?: number;
  /** Names the blob already, so that its algorithm is computed while writing. */
  readonly digest?: Digest;
  /** The lease, by its id, that keeps what is committed from being collected. */
  readonly lease?: string;
}

/** What writers of blobs use. */
export interface ContentWriter {
  /**
   * Begins, or goes on with, the ingest of this name.
   *
   * @throws ImageError UNAVAILABLE while another writer, of any process, has it.
   */
  ingest(ref: string, options?: IngestOptions): Ingest;
}

/** Blobs to read and write. */
export interface Content extends ContentReader, ContentWriter {
  /** Replaces labels of these names; an empty value removes one. */
  label(digest: Digest, labels: ContentLabels): ContentInfo;
  /** Keeps a blob that is there until the lease ends; `false` if it is not there. */
  keep(digest: Digest, lease: string): boolean;
}
