/**
 * Garbage collection, as containerd does it (docs/garbage-collection.md): what can be reached from a
 * root is needed, the rest goes.
 *
 *     roots   targets of images; blobs labelled `containerd.io/gc.root`; what leases hold
 *     edges   labels `containerd.io/gc.ref.content…` = DIGEST, of blobs and of images
 *
 * Safe beside other processes that pull. Marking and the deletion of the rows are one transaction
 * with the write lock, and so is each act that a puller relies on: `keep` (there is a row, and the
 * lease has it) and the end of a commit (row and lease). Whichever comes first, the other sees it:
 * the collection sees the lease, or `keep` sees no blob and says so. Files go afterwards, one by one
 * under the store's lock, each only if it still has no row; so a crash in between, and a commit of
 * the same content in between, are both harmless (see `publish`).
 *
 * A puller is safe only with a lease: a blob that nothing refers to yet is garbage.
 */
import { opendirSync } from 'node:fs';
import { DIGEST_ALGORITHMS, isDigest, type Digest } from '../../oci/index.ts';
import type { Ingests } from './ingests.ts';
import { now } from './labels.ts';
import { removeUnknown, type StoreParts } from './publish.ts';
import type { Collected, CollectOptions } from './types.ts';

/** A lease with this label keeps what it names, but not what that refers to. */
const FLAT = `EXISTS (SELECT 1 FROM json_each(l.labels) WHERE key = 'containerd.io/gc.flat')`;

const REFERS = `(name = 'containerd.io/gc.ref.content'
  OR name GLOB 'containerd.io/gc.ref.content.*' OR name GLOB 'containerd.io/gc.ref.content/*')`;

/** `needed` are the digests to follow, `kept` those and what flat leases hold. */
const MARK = `
  WITH RECURSIVE image_labels (name, value) AS (
    SELECT key, value FROM images, json_each(images.labels)
  ), needed (digest) AS (
    SELECT target ->> '$.digest' FROM images
    UNION SELECT value FROM image_labels WHERE ${REFERS}
    UNION SELECT digest FROM labels WHERE name = 'containerd.io/gc.root'
    UNION SELECT r.id FROM lease_resources r JOIN leases l ON l.id = r.lease
      WHERE r.type = 'content' AND NOT ${FLAT}
    UNION SELECT value FROM labels JOIN needed USING (digest) WHERE ${REFERS}
  ), kept (digest) AS (
    SELECT digest FROM needed UNION SELECT id FROM lease_resources WHERE type = 'content'
  )`;

const SNAPSHOT = 'containerd.io/gc.ref.snapshot.';

export function collect(
  store: StoreParts,
  ingests: Ingests,
  { ingestsOlderThan }: CollectOptions,
): Collected {
  const marked = store.database.transaction(() => deleteRows(store));
  const files = [...marked.removed, ...filesWithoutRow(store)];
  const bytes = files.reduce((sum, digest) => sum + removeUnknown(store, digest), 0);
  const sql = `SELECT 1 FROM lease_resources WHERE type = 'ingest' AND id = ?`;
  const isKept = (ref: string): boolean => store.database.get(sql, ref) !== undefined;
  const removed = ingests.removeStale(ingestsOlderThan ?? Infinity, isKept);
  return { ...marked, bytes, ingests: removed };
}

/** Deletes the rows of leases that have expired and of blobs that are not needed. */
function deleteRows({ database }: StoreParts): Omit<Collected, 'bytes' | 'ingests'> {
  const expired = 'DELETE FROM leases WHERE expires <= ? RETURNING id';
  const leases = database.all<{ id: string }>(expired, now());
  const unneeded = `${MARK} DELETE FROM blobs WHERE digest NOT IN kept RETURNING digest`;
  const removed = database.all<{ digest: Digest }>(unneeded);
  return {
    leases: leases.map(({ id }) => id),
    removed: removed.map(({ digest }) => digest),
    snapshots: neededSnapshots({ database }),
  };
}

/** The label's name ends in the snapshotter's, and after a slash anything that makes it unique. */
function neededSnapshots({ database }: Pick<StoreParts, 'database'>): Set<string> {
  const held = database.all<{ id: string }>(
    `SELECT id FROM lease_resources WHERE type = 'snapshot'`,
  );
  const labelled = database.all<{ name: string; value: string }>(
    `${MARK} SELECT name, value FROM labels JOIN needed USING (digest) WHERE name GLOB ?
     UNION SELECT name, value FROM image_labels WHERE name GLOB ?`,
    `${SNAPSHOT}*`,
    `${SNAPSHOT}*`,
  );
  const named = labelled.map(({ name, value }) => {
    const [snapshotter = ''] = name.slice(SNAPSHOT.length).split('/');
    return `${snapshotter}/${value}`;
  });
  return new Set([...held.map(({ id }) => id), ...named]);
}

/** Files that a crash left, seen without the lock: they are looked at again under it. */
function* filesWithoutRow({ folder, blobs }: StoreParts): Generator<Digest> {
  for (const algorithm of DIGEST_ALGORITHMS) {
    using directory = opendirSync(folder.blobs(algorithm));
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      const digest = `${algorithm}:${entry.name}`;
      if (isDigest(digest) && !blobs.has(digest)) yield digest;
    }
  }
}
