/** The rows of blobs and their labels. What files they stand for is the business of `publish`. */
import { parseDigest, type Digest } from '../../oci/index.ts';
import { ImageError } from '../errors.ts';
import type { MetadataDatabase } from './database.ts';
import { checkLabels, now } from './labels.ts';
import type { ContentInfo, ContentLabels } from './types.ts';

type Row = Omit<ContentInfo, 'labels'>;

/** Rows that `walk` reads at a time. */
const PAGE = 100;

export class Blobs {
  readonly #database: MetadataDatabase;

  constructor(database: MetadataDatabase) {
    this.#database = database;
  }

  /** @throws DigestError. */
  find(digest: Digest): ContentInfo | undefined {
    const sql = 'SELECT digest, size, created, updated FROM blobs WHERE digest = ?';
    const row = this.#database.get<Row>(sql, parseDigest(digest));
    return row && this.#withLabels(row);
  }

  /** @throws ImageError NOT_FOUND; DigestError. */
  get(digest: Digest): ContentInfo {
    const info = this.find(digest);
    if (info !== undefined) return info;
    throw new ImageError('NOT_FOUND', `content ${digest} is not in this store: pull it again`);
  }

  /** @throws DigestError. */
  has(digest: Digest): boolean {
    const sql = 'SELECT 1 FROM blobs WHERE digest = ?';
    return this.#database.get(sql, parseDigest(digest)) !== undefined;
  }

  /** All, in the order of their digests; what comes and goes meanwhile may be among them or not. */
  *walk(): Generator<ContentInfo> {
    const sql =
      'SELECT digest, size, created, updated FROM blobs WHERE digest > ? ORDER BY digest LIMIT ?';
    for (let last = ''; ;) {
      const page = this.#database.all<Row>(sql, last, PAGE);
      for (const row of page) yield this.#withLabels(row);
      if (page.length < PAGE) return;
      last = page.at(-1)?.digest ?? '';
    }
  }

  /** Adds a blob, or what is new about it. Checked by the caller: its file is there. */
  put(digest: Digest, size: number, labels: ContentLabels): ContentInfo {
    return this.#database.transaction(() => {
      const time = now();
      this.#database.run(
        `INSERT INTO blobs (digest, size, created, updated) VALUES (?, ?, ?, ?)
         ON CONFLICT (digest) DO UPDATE SET size = excluded.size, updated = excluded.updated`,
        parseDigest(digest),
        size,
        time,
        time,
      );
      this.#setLabels(digest, labels);
      return this.get(digest);
    });
  }

  /** @throws ImageError NOT_FOUND, INVALID_ARGUMENT. */
  label(digest: Digest, labels: ContentLabels): ContentInfo {
    return this.#database.transaction(() => {
      this.get(digest);
      this.#database.run('UPDATE blobs SET updated = ? WHERE digest = ?', now(), digest);
      this.#setLabels(digest, labels);
      return this.get(digest);
    });
  }

  /** `false` if it is not there. */
  delete(digest: Digest): boolean {
    return this.#database.run('DELETE FROM blobs WHERE digest = ?', parseDigest(digest)) > 0;
  }

  #setLabels(digest: Digest, labels: ContentLabels): void {
    checkLabels(labels);
    for (const [name, value] of Object.entries(labels)) {
      if (value === '') {
        this.#database.run('DELETE FROM labels WHERE digest = ? AND name = ?', digest, name);
      } else {
        this.#database.run(
          `INSERT INTO labels (digest, name, value) VALUES (?, ?, ?)
           ON CONFLICT (digest, name) DO UPDATE SET value = excluded.value`,
          digest,
          name,
          value,
        );
      }
    }
  }

  #withLabels({ digest, size, created, updated }: Row): ContentInfo {
    const sql = 'SELECT name, value FROM labels WHERE digest = ? ORDER BY name';
    const rows = this.#database.all<{ name: string; value: string }>(sql, digest);
    const labels = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
    return { digest, size, labels, created, updated };
  }
}
