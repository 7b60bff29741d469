/**
 * How an ingest becomes a blob, and a blob goes: the order in which every crash is harmless.
 *
 *     commit   verify ─ fsync data ─ [lock: rename to blobs/ ─ fsync blobs/ ─ insert row + lease]
 *     delete   delete row ─ [lock: unlink, unless there is a row again]
 *
 * A row is inserted last and deleted first, so a row always has its file, whole and on the disk. A
 * crash leaves at worst a file without a row. Under the store's lock such a file is nobody's:
 * whoever makes one inserts its row before letting go of the lock. The next commit of the same
 * content replaces it, and the next collection removes it; it is never taken for a blob.
 *
 * A commit that fails after the rename (no room for the row) takes the file back, and the ingest is
 * as it was.
 */
import { openSync, renameSync, statSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import type { Digest } from '../../oci/index.ts';
import { Descriptor, hasCode } from '../../sys/index.ts';
import type { Blobs } from './blobs.ts';
import type { MetadataDatabase } from './database.ts';
import { atPath } from './errors.ts';
import type { StoreFolder } from './folder.ts';
import type { LeaseTable } from './leases.ts';
import type { ContentInfo, ContentLabels } from './types.ts';

/** What the steps work on. */
export interface StoreParts {
  readonly folder: StoreFolder;
  readonly database: MetadataDatabase;
  readonly blobs: Blobs;
  readonly leases: LeaseTable;
}

/** Content that was verified and is on the disk. */
export interface Verified {
  /** Its file, which goes. */
  readonly data: string;
  readonly ref: string;
  readonly digest: Digest;
  readonly size: number;
  readonly labels: ContentLabels;
  readonly lease: string | undefined;
}

/** Makes verified content a blob. @throws ImageError NOT_FOUND if the lease is no more. */
export function publish(store: StoreParts, content: Verified): ContentInfo {
  const { folder } = store;
  const place = folder.blob(content.digest);
  return folder.locked(() => {
    const isThere = store.blobs.has(content.digest) && sizeOf(place) === content.size;
    if (isThere) return record(store, content);
    atPath(place, () => renameSync(content.data, place));
    try {
      folder.syncDirectory(path.dirname(place));
      return record(store, content);
    } catch (error) {
      takeBack(place, content.data);
      throw error;
    }
  });
}

/** Removes a blob; `false` if it is not there. */
export function remove(store: StoreParts, digest: Digest): boolean {
  const was = store.blobs.delete(digest);
  removeUnknown(store, digest);
  return was;
}

/**
 * Removes the file of what has no row; returns its size.
 *
 * Freeing the space of a large file takes a second. The kernel does it when the last descriptor is
 * closed, and that is after the lock, so that no commit waits for it.
 */
export function removeUnknown({ folder, blobs }: StoreParts, digest: Digest): number {
  const file = folder.blob(digest);
  using held = openIfThere(file);
  if (held === undefined) return 0;
  return folder.locked(() => {
    if (blobs.has(digest)) return 0;
    const size = sizeOf(file);
    if (size === undefined) return 0;
    atPath(file, () => unlinkSync(file));
    return size;
  });
}

/** The row, and that the lease keeps it, at once: no collection comes between. */
function record({ database, blobs, leases }: StoreParts, content: Verified): ContentInfo {
  const { digest, size, labels, lease, ref } = content;
  return database.transaction(() => {
    const info = blobs.put(digest, size, labels);
    if (lease === undefined) return info;
    leases.add(lease, { type: 'content', id: digest });
    leases.remove(lease, { type: 'ingest', id: ref });
    return info;
  });
}

/** If that fails too, the file is one without a row, and the first error is the one to tell. */
function takeBack(place: string, data: string): void {
  try {
    renameSync(place, data);
  } catch {
    // The next collection removes it.
  }
}

function openIfThere(file: string): Descriptor | undefined {
  try {
    return new Descriptor(atPath(file, () => openSync(file, 'r')));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}
