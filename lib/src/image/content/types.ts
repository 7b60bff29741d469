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

/** A name of an image, such as `docker.io/library/busybox:latest`. */
export interface Image {
  readonly name: string;
  readonly target: ImageDescriptor;
  readonly labels: ContentLabels;
  readonly created: string;
  readonly updated: string;
}

/** What readers of blobs use. */
export interface ContentReader {
  /** @throws ImageError NOT_FOUND. */
  info(digest: Digest): ContentInfo;
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
