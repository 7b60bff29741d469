/**
 * Ingests, each in a folder named by the hash of its ref.
 *
 *     data          what was written so far
 *     about.json    its ref, total and start
 *
 * Who writes holds a flock(2) on the folder; the kernel lets go of it when the process dies. The
 * folder is made and locked, and it is removed, under the store's lock: so a folder that can be
 * locked there is nobody's, and one without about.json is what a crash left of a removal.
 */
import {
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';
import { Descriptor, flock, hasCode, LOCK_EX, LOCK_NB } from '../../sys/index.ts';
import { ImageError } from '../errors.ts';
import { atPath } from './errors.ts';
import type { StoreFolder } from './folder.ts';
import { now } from './labels.ts';
import type { IngestStatus } from './types.ts';

/** An ingest's folder, locked until it is closed. */
export interface OpenIngest {
  readonly directory: string;
  readonly data: string;
  readonly total: number | undefined;
  readonly lock: Descriptor;
}

type About = Pick<IngestStatus, 'ref' | 'started'> & { readonly total?: number };

export class Ingests {
  readonly #folder: StoreFolder;

  constructor(folder: StoreFolder) {
    this.#folder = folder;
  }

  /** @throws ImageError UNAVAILABLE while somebody has it. */
  open(ref: string, total: number | undefined): OpenIngest {
    if (ref === '') throw new ImageError('INVALID_ARGUMENT', 'an ingest needs a ref');
    const directory = this.#folder.ingest(ref);
    return this.#folder.locked(() => {
      atPath(directory, () => mkdirSync(directory, { recursive: true, mode: 0o700 }));
      const lock = lockFolder(directory);
      if (lock === undefined) throw busy(ref);
      try {
        const about = describe(directory, ref, total);
        return { directory, data: path.join(directory, 'data'), total: about.total, lock };
      } catch (error) {
        lock.close();
        throw error;
      }
    });
  }

  list(): IngestStatus[] {
    const found = this.#directories().map((directory) => statusOf(directory));
    const known = found.filter((status) => status !== undefined);
    return known.toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
  }

  /** Removes what nobody writes to. @throws ImageError UNAVAILABLE. */
  abort(ref: string): boolean {
    const directory = this.#folder.ingest(ref);
    return this.#folder.locked(() => {
      if (sizeAndTime(directory) === undefined) return false;
      using lock = lockFolder(directory);
      if (lock === undefined) throw busy(ref);
      removeFolder(directory);
      return true;
    });
  }

  /** Ends an ingest that the caller has open. */
  remove({ directory, lock }: OpenIngest): void {
    this.#folder.locked(() => {
      removeFolder(directory);
      lock.close();
    });
  }

  /** Removes what a crash left, and what nobody wrote to for `age` milliseconds; returns the refs. */
  removeStale(age: number, isKept: (ref: string) => boolean): string[] {
    const removed: string[] = [];
    for (const directory of this.#directories()) {
      this.#folder.locked(() => {
        const status = statusOf(directory);
        if (status !== undefined) {
          const idle = Date.now() - Date.parse(status.updated);
          if (idle < age || isKept(status.ref)) return;
        }
        using lock = lockFolder(directory);
        if (lock === undefined) return;
        removeFolder(directory);
        if (status !== undefined) removed.push(status.ref);
      });
    }
    return removed;
  }

  #directories(): string[] {
    const all = path.join(this.#folder.root, 'ingest');
    return readdirSync(all).map((name) => path.join(all, name));
  }
}

/** `undefined` if it is somebody's, or no longer there. */
function lockFolder(directory: string): Descriptor | undefined {
  let lock: Descriptor;
  try {
    lock = new Descriptor(atPath(directory, () => openSync(directory, 'r')));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    flock(lock.fd, LOCK_EX | LOCK_NB);
    return lock;
  } catch (error) {
    lock.close();
    if (hasCode(error, 'EAGAIN')) return undefined;
    throw error;
  }
}

/** Reads what is known about an ingest, and writes what is new; a whole file or none. */
function describe(directory: string, ref: string, total: number | undefined): About {
  const known = readAbout(directory);
  const all = total ?? known?.total;
  const about = { ref, started: known?.started ?? now(), ...(all !== undefined && { total: all }) };
  if (known !== undefined && known.total === all) return about;
  const file = path.join(directory, 'about.json');
  atPath(file, () => {
    writeFileSync(`${file}.new`, JSON.stringify(about), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  });
  return about;
}

/** A power failure may leave an empty file: that is as good as none. */
function readAbout(directory: string): About | undefined {
  try {
    return JSON.parse(readFileSync(path.join(directory, 'about.json'), 'utf8')) as About;
  } catch {
    return undefined;
  }
}

function statusOf(directory: string): IngestStatus | undefined {
  const about = readAbout(directory);
  if (about === undefined) return undefined;
  const data = sizeAndTime(path.join(directory, 'data'));
  const { ref, total, started } = about;
  return { ref, offset: data?.size ?? 0, total, started, updated: data?.updated ?? started };
}

function sizeAndTime(file: string): { size: number; updated: string } | undefined {
  const stats: Stats | undefined = statSync(file, { throwIfNoEntry: false });
  return stats && { size: stats.size, updated: stats.mtime.toISOString() };
}

function removeFolder(directory: string): void {
  atPath(directory, () => rmSync(directory, { recursive: true, force: true }));
}

function busy(ref: string): ImageError {
  return new ImageError(
    'UNAVAILABLE',
    `the ingest ${ref} is being written, here or by another process: wait for that one to end`,
  );
}
