/**
 * metadata.db: what a store knows. SQLite in WAL mode: readers never wait, writers take turns among
 * all processes, and a transaction is whole after a crash at any moment.
 *
 * Who reads something to decide about a change does both in one `transaction`, which has the write
 * lock from its beginning. A durable store waits for the disk at each commit (synchronous = FULL);
 * another one still survives `kill -9`, but not a power failure.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { ImageError } from '../errors.ts';
import { namedFileError } from './errors.ts';

/** How long a writer waits for the others, in milliseconds. */
const BUSY_TIMEOUT = 60_000;

const VERSION = 1;

const SCHEMA = `
  CREATE TABLE blobs (
    digest TEXT PRIMARY KEY, size INTEGER NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE labels (
    digest TEXT NOT NULL REFERENCES blobs ON DELETE CASCADE,
    name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (digest, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX labels_by_name ON labels (name);
  CREATE TABLE leases (
    id TEXT PRIMARY KEY, created TEXT NOT NULL, expires TEXT, labels TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE lease_resources (
    lease TEXT NOT NULL REFERENCES leases ON DELETE CASCADE,
    type TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (lease, type, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE images (
    name TEXT PRIMARY KEY, target TEXT NOT NULL, labels TEXT NOT NULL,
    created TEXT NOT NULL, updated TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${VERSION};
`;

/** One connection; statements are compiled once. */
export class MetadataDatabase implements Disposable {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** The caller holds the store's lock: making the tables, and the change to WAL, are no transaction. */
  constructor(file: string, durable: boolean) {
    this.#file = file;
    // Loaded here, since most of those who import this layer never open a store.
    const sqlite = process.getBuiltinModule('node:sqlite');
    this.#database = this.#try(() => new sqlite.DatabaseSync(file, { timeout: BUSY_TIMEOUT }));
    try {
      this.#try(() => this.#prepareFile(durable));
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** The first row. */
  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#try(() => this.#statement(sql).get(...values)) as Row | undefined;
  }

  /** All rows; for results that are small. */
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#try(() => this.#statement(sql).all(...values)) as Row[];
  }

  /** Returns the number of rows that were changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#try(() => this.#statement(sql).run(...values)).changes);
  }

  /** Runs changes that happen together or not at all; part of the transaction around it, if any. */
  transaction<T>(body: () => T): T {
    if (this.#database.isTransaction) return body();
    this.run('BEGIN IMMEDIATE');
    try {
      const result = body();
      this.run('COMMIT');
      return result;
    } catch (error) {
      this.#rollback();
      throw error;
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #prepareFile(durable: boolean): void {
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${durable ? 'FULL' : 'OFF'};
      PRAGMA foreign_keys = ON;
    `);
    const version = this.get<{ user_version: number }>('PRAGMA user_version')?.user_version;
    if (version === VERSION) return;
    if (version === 0) {
      this.transaction(() => this.#database.exec(SCHEMA));
      return;
    }
    throw new ImageError(
      'FAILED_PRECONDITION',
      `${this.#file} has format ${String(version)}, and this program knows ${VERSION}: use the ` +
        'program that wrote it, or another folder',
    );
  }

  /** An error may have ended the transaction already; one here must not hide it. */
  #rollback(): void {
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    } catch {
      // The next transaction fails at its BEGIN, and says why.
    }
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#database.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }

  #try<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      throw explain(error, this.#file);
    }
  }
}

/** SQLite's result codes (sqlite.org/rescode.html) in this layer's words. */
function explain(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error;
  const code = Number(error.errcode);
  // The file of WAL's index could not be made larger (SQLITE_IOERR_SHMSIZE).
  if (code === (10 | (19 << 8))) return namedFileError(file, 'ENOSPC', error);
  switch (code & 0xff) {
    case 5: {
      const message = `${file}: another process has been writing for ${BUSY_TIMEOUT / 1000} s`;
      const next = `find it with 'fuser ${file}', or try again later`;
      return new ImageError('UNAVAILABLE', `${message}: ${next}`, { cause: error });
    }
    case 8:
      return namedFileError(file, 'EROFS', error);
    case 10:
      return namedFileError(file, 'EIO', error);
    case 11:
    case 26: {
      const next = 'stop all that use it, and restore it or move the whole folder away';
      const message = `${file} is damaged (${error.message}): ${next}`;
      return new ImageError('DATA_LOSS', message, { cause: error });
    }
    case 13:
      return namedFileError(file, 'ENOSPC', error);
    case 14: {
      const message = `${file} cannot be opened: look at its rights, and at how many files are open`;
      return new ImageError('FAILED_PRECONDITION', message, { cause: error });
    }
    default:
      return error;
  }
}
