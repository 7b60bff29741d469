/**
 * Snapshots in a directory.
 *
 *     root/driver          which driver made the layers: 'overlay' or 'native'
 *     root/lock            flock(2)ed for every change
 *     root/records/…       what is known, see Records
 *     root/layers/ID/      one snapshot's files; its meaning is the driver's
 *     root/trash/…         layers that are being deleted, under names that are never used again
 *
 * A record is the last thing to be made and the first to be deleted, so a crash leaves at worst a
 * layer without a record. Who is still filling a new layer holds a lock on its directory; a layer
 * that has neither record nor holder is what `cleanup` removes.
 */
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Descriptor, flock, hasCode, LOCK_EX, LOCK_NB, LOCK_UN, syncfs } from '../../sys/index.ts';
import { SnapshotError } from './errors.ts';
import { Records, type SnapshotRecord } from './records.ts';
import { makeDirectory, removeTree } from './trees.ts';

/** How careful a store is. */
export interface StoreOptions {
  /** Wait for the disk before a change is acknowledged (fsync(2)). Default true. */
  readonly durable?: boolean;
}

/** A layer that has no record yet. */
interface NewLayer extends Disposable {
  readonly id: string;
}

/** The directory of one snapshotter. */
export class SnapshotStore {
  readonly root: string;
  readonly records: Records;
  readonly #durable: boolean;
  readonly #lock: Descriptor;
  #lastId = 0;

  /** @throws SnapshotError FAILED_PRECONDITION if another driver made the store. */
  constructor(root: string, driver: string, { durable = true }: StoreOptions = {}) {
    this.root = path.resolve(root);
    this.#durable = durable;
    for (const name of ['records', 'layers', 'trash']) {
      makeDirectory(path.join(this.root, name), 0o711);
    }
    this.records = new Records(path.join(this.root, 'records'), durable);
    this.#lock = new Descriptor(openSync(path.join(this.root, 'lock'), 'a', 0o600));
    this.#claim(driver);
  }

  /** Runs a change alone among all processes that use the store. `body` must not wait. */
  locked<T>(body: () => T): T {
    flock(this.#lock.fd, LOCK_EX);
    try {
      return body();
    } finally {
      flock(this.#lock.fd, LOCK_UN);
    }
  }

  /** The directory of a layer. */
  layer(id: string): string {
    return path.join(this.root, 'layers', id);
  }

  /** Makes a layer that `cleanup` leaves alone until it is disposed of. */
  createLayer(): NewLayer {
    return this.locked(() => {
      for (;;) {
        const id = String(this.#nextId());
        try {
          mkdirSync(this.layer(id));
        } catch (error) {
          if (hasCode(error, 'EEXIST')) continue;
          throw error;
        }
        chmodSync(this.layer(id), 0o711);
        const hold = new Descriptor(openSync(this.layer(id), 'r'));
        flock(hold.fd, LOCK_EX);
        return { id, [Symbol.dispose]: () => hold.close() };
      }
    });
  }

  /** Takes a layer out of use at once; returns where the caller finds it to remove it. */
  discard(id: string): string {
    const trash = path.join(this.root, 'trash', `${id}-${randomUUID()}`);
    renameSync(this.layer(id), trash);
    return trash;
  }

  /** Brings all files of the store's filesystem to the disk, if the store is durable. */
  syncFiles(): void {
    if (this.#durable) syncfs(this.#lock.fd);
  }

  /** Removes layers that nobody has or makes; see the head of this file. */
  async cleanup(): Promise<string[]> {
    const repaired = this.locked(() => {
      const unfinished = this.records.repair();
      const orphans = this.#orphans(this.records.all());
      for (const id of orphans) this.discard(id);
      return [...unfinished, ...orphans.map((id) => `removed layer ${id}, which had no record`)];
    });
    const trash = path.join(this.root, 'trash');
    for (const name of readdirSync(trash)) await removeTree(path.join(trash, name));
    return repaired;
  }

  close(): void {
    this.#lock.close();
  }

  #orphans(records: readonly SnapshotRecord[]): string[] {
    const known = new Set(records.map(({ id }) => id));
    return readdirSync(path.join(this.root, 'layers')).filter(
      (id) => !known.has(id) && !this.#isHeld(id),
    );
  }

  #isHeld(id: string): boolean {
    using layer = new Descriptor(openSync(this.layer(id), 'r'));
    try {
      flock(layer.fd, LOCK_EX | LOCK_NB);
      return false;
    } catch (error) {
      if (hasCode(error, 'EAGAIN')) return true;
      throw error;
    }
  }

  /** Short numbers keep option strings short. */
  #nextId(): number {
    if (this.#lastId === 0) {
      const ids = readdirSync(path.join(this.root, 'layers')).map(Number);
      this.#lastId = Math.max(0, ...ids.filter(Number.isInteger));
    }
    this.#lastId += 1;
    return this.#lastId;
  }

  #claim(driver: string): void {
    const file = path.join(this.root, 'driver');
    try {
      writeFileSync(file, driver, { flag: 'wx' });
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    const owner = readFileSync(file, 'utf8');
    if (owner === driver || owner === '') return;
    this.close();
    throw new SnapshotError(
      'FAILED_PRECONDITION',
      this.root,
      `${this.root} holds snapshots of the ${owner} driver: use that one, or another directory ` +
        `for ${driver}`,
    );
  }
}
