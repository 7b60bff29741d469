/** The rows of leases. A lease that has expired counts as none, also before it is collected. */
import { randomUUID } from 'node:crypto';
import { parseDigest } from '../../oci/index.ts';
import { ImageError } from '../errors.ts';
import type { MetadataDatabase } from './database.ts';
import { checkLabels, now } from './labels.ts';
import type {
  ContentLabels,
  Lease,
  LeaseInfo,
  LeaseOptions,
  LeaseResource,
  Leases,
} from './types.ts';

interface Row {
  readonly id: string;
  readonly created: string;
  readonly expires: string | null;
  readonly labels: string;
}

export class LeaseTable implements Leases {
  readonly #database: MetadataDatabase;

  constructor(database: MetadataDatabase) {
    this.#database = database;
  }

  create({ id = randomUUID(), expires, labels = {} }: LeaseOptions = {}): Lease {
    checkLabels(labels);
    if (id === '') throw new ImageError('INVALID_ARGUMENT', 'a lease needs an id');
    const end = expires === undefined ? undefined : timeOf(expires);
    const added = this.#database.run(
      `INSERT INTO leases (id, created, expires, labels) VALUES (?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      id,
      now(),
      end ?? null,
      JSON.stringify(labels),
    );
    if (added > 0) return this.#lease(id, end);
    const message = `a lease ${id} exists already: use that, or another id`;
    throw new ImageError('ALREADY_EXISTS', message);
  }

  list(): LeaseInfo[] {
    const rows = this.#database.all<Row>('SELECT * FROM leases ORDER BY id');
    return rows.map(({ id, created, expires, labels }) => ({
      id,
      created,
      expires: expires ?? undefined,
      labels: JSON.parse(labels) as ContentLabels,
    }));
  }

  delete(id: string): boolean {
    return this.#database.run('DELETE FROM leases WHERE id = ?', id) > 0;
  }

  resources(id: string): LeaseResource[] {
    if (this.#database.get('SELECT 1 FROM leases WHERE id = ?', id) === undefined) throw gone(id);
    const sql = 'SELECT type, id FROM lease_resources WHERE lease = ? ORDER BY type, id';
    const rows = this.#database.all<LeaseResource>(sql, id);
    return rows.map((row) => ({ type: row.type, id: row.id }));
  }

  add(id: string, resource: LeaseResource): void {
    if (resource.type === 'content') parseDigest(resource.id);
    this.#database.transaction(() => {
      this.check(id);
      this.#database.run(
        'INSERT INTO lease_resources (lease, type, id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        id,
        resource.type,
        resource.id,
      );
    });
  }

  /** Lets go of a thing that is no more. */
  remove(id: string, { type, id: thing }: LeaseResource): void {
    const sql = 'DELETE FROM lease_resources WHERE lease = ? AND type = ? AND id = ?';
    this.#database.run(sql, id, type, thing);
  }

  /** @throws ImageError NOT_FOUND unless the lease is there and has not expired. */
  check(id: string): void {
    const sql = 'SELECT 1 FROM leases WHERE id = ? AND (expires IS NULL OR expires > ?)';
    if (this.#database.get(sql, id, now()) === undefined) throw gone(id);
  }

  #lease(id: string, expires: string | undefined): Lease {
    return {
      id,
      expires,
      release: () => void this.delete(id),
      // See `Leases`: the end of a block is not the end of the lease.
      [Symbol.dispose]: () => undefined,
    };
  }
}

function timeOf(time: string | Date): string {
  const date = new Date(time);
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  const message = `${String(time)} is no time: write it as in 2026-01-31T12:00:00Z`;
  throw new ImageError('INVALID_ARGUMENT', message);
}

function gone(id: string): ImageError {
  return new ImageError(
    'NOT_FOUND',
    `there is no lease ${id}, or it has expired: make another, and fetch again`,
  );
}
