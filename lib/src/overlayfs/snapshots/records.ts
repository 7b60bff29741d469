/**
 * What a store knows about its snapshots: one JSON file for each, named by the hash of its key.
 *
 * A record appears, changes and goes by a single rename(2) or unlink(2), of a file that was written
 * under another name, so whatever the moment of a crash, each file is one whole version. Every
 * change happens under the store's lock, so any other file in the directory is what a crash left.
 *
 * Against power failures, a new version is on disk (fsync(2)) before it replaces an old one. A first
 * version replaces nothing, and one fsync after its rename brings both to the disk (ext4, xfs and
 * btrfs log the rename with the file); what a failure leaves before that is an empty file at worst,
 * which counts as none.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { hasCode } from '../../sys/index.ts';
import { SnapshotError } from './errors.ts';
import type { SnapshotInfo, SnapshotUsage } from './types.ts';

/** A snapshot's record. */
export interface SnapshotRecord extends SnapshotInfo {
  /** The name of its directory. */
  readonly id: string;
  /** The ids of its parent, its parent's parent, and so on; they never change. */
  readonly parents: readonly string[];
  /** Of a committed snapshot. */
  readonly usage?: SnapshotUsage;
  /** Of a committed snapshot: its key when it was active. */
  readonly committedFrom?: string;
}

const TEMPORARY = '.new';

/** The records' directory. */
export class Records {
  readonly #directory: string;
  readonly #durable: boolean;

  /** @param durable wait for the disk, so that a power failure loses nothing either. */
  constructor(directory: string, durable: boolean) {
    this.#directory = directory;
    this.#durable = durable;
  }

  /** @throws SnapshotError DATA_LOSS if the file is not a record. */
  find(key: string): SnapshotRecord | undefined {
    return this.#read(fileName(key));
  }

  /** @throws SnapshotError NOT_FOUND. */
  get(key: string): SnapshotRecord {
    const record = this.find(key);
    if (record !== undefined) return record;
    throw new SnapshotError('NOT_FOUND', key, `snapshot ${key} does not exist`);
  }

  /** Every record, in the order of their names. */
  all(): SnapshotRecord[] {
    const records = this.#files().map((file) => this.#read(file));
    const present = records.filter((record) => record !== undefined);
    return present.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Writes the first version of a record. */
  create(record: SnapshotRecord): void {
    this.#write(fileName(record.name), record, 'after rename');
  }

  /** Writes a new version of a record. */
  replace(record: SnapshotRecord): void {
    this.#write(fileName(record.name), record, 'before rename');
    this.#syncDirectory();
  }

  /**
   * Commits: replaces the record of an active snapshot by `record`, which has another name.
   *
   * First the contents change, then the file's name; the second is what counts. A crash between
   * them leaves an active snapshot, see {@link asActive}.
   */
  commit(key: string, record: SnapshotRecord): void {
    this.#write(fileName(key), { ...record, committedFrom: key }, 'before rename');
    renameSync(this.#path(fileName(key)), this.#path(fileName(record.name)));
    this.#syncDirectory();
  }

  delete(key: string): void {
    unlinkSync(this.#path(fileName(key)));
    this.#syncDirectory();
  }

  /** Undoes what was not finished, and tells what. The caller holds the store's lock. */
  repair(): string[] {
    const unfinished = readdirSync(this.#directory).filter(
      (file) => file.endsWith(TEMPORARY) || statSync(this.#path(file)).size === 0,
    );
    for (const file of unfinished) rmSync(this.#path(file));
    return [
      ...unfinished.map((file) => `removed the unfinished record ${file}`),
      ...this.#files().flatMap((file) => this.#undoCommit(file)),
    ];
  }

  #undoCommit(file: string): string[] {
    const record = this.#readFile(file);
    if (record === undefined) return [];
    const active = asActive(file, record);
    if (active === record) return [];
    this.replace(active);
    return [`made ${active.name} active again, its commit as ${record.name} was not finished`];
  }

  #files(): string[] {
    return readdirSync(this.#directory).filter((file) => !file.endsWith(TEMPORARY));
  }

  #read(file: string): SnapshotRecord | undefined {
    const record = this.#readFile(file);
    return record === undefined ? undefined : asActive(file, record);
  }

  #readFile(file: string): SnapshotRecord | undefined {
    const at = this.#path(file);
    try {
      const text = readFileSync(at, 'utf8');
      return text === '' ? undefined : checkRecord(JSON.parse(text));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      const advice = 'nothing is cleaned up until that file is restored or removed';
      throw new SnapshotError('DATA_LOSS', at, `${at} is not a snapshot's record: ${advice}`, {
        cause: error,
      });
    }
  }

  #write(file: string, record: SnapshotRecord, sync: 'before rename' | 'after rename'): void {
    const temporary = this.#path(file + TEMPORARY);
    const fd = openSync(temporary, 'w', 0o600);
    try {
      writeSync(fd, JSON.stringify(record));
      if (this.#durable && sync === 'before rename') fsyncSync(fd);
      renameSync(temporary, this.#path(file));
      if (this.#durable && sync === 'after rename') fsyncSync(fd);
    } catch (error) {
      rmSync(temporary, { force: true });
      // A first version that is not safely there is not there.
      if (sync === 'after rename') rmSync(this.#path(file), { force: true });
      throw error;
    } finally {
      closeSync(fd);
    }
  }

  #syncDirectory(): void {
    if (!this.#durable) return;
    const fd = openSync(this.#directory, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  #path(file: string): string {
    return path.join(this.#directory, file);
  }
}

function checkRecord(value: unknown): SnapshotRecord {
  const { id, name, parents } = value as Partial<SnapshotRecord>;
  if (typeof id !== 'string' || typeof name !== 'string' || !Array.isArray(parents)) {
    throw new TypeError('it lacks id, name or parents');
  }
  return value as SnapshotRecord;
}

/** A committed record under its old key: its commit never happened. */
function asActive(file: string, record: SnapshotRecord): SnapshotRecord {
  const { committedFrom, usage: _, ...rest } = record;
  if (committedFrom === undefined || fileName(record.name) === file) return record;
  return { ...rest, kind: 'active', name: committedFrom };
}

/** Keys may hold anything (`default/12/extract sha256:…`), file names may not. */
function fileName(key: string): string {
  return `${createHash('sha256').update(key).digest('hex')}.json`;
}
