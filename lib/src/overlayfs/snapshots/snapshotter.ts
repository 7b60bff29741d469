/** The rules of snapshots, the same for every driver. */
import type { Change } from '../layers/change.ts';
import { filesOf, type Layer, type SnapshotDriver } from './driver.ts';
import { SnapshotError } from './errors.ts';
import type { SnapshotRecord } from './records.ts';
import { SnapshotStore, type StoreOptions } from './store.ts';
import { measureTree, removeTree } from './trees.ts';
import type {
  CommitOptions,
  Labels,
  SnapshotInfo,
  SnapshotKind,
  SnapshotMount,
  SnapshotOptions,
  Snapshotter,
  SnapshotUsage,
} from './types.ts';

/** Opens, or makes, the snapshots in a directory. */
export function createSnapshotter(
  root: string,
  driver: SnapshotDriver,
  options: StoreOptions = {},
): Snapshotter {
  return new DirectorySnapshotter(driver, new SnapshotStore(root, driver.name, options));
}

class DirectorySnapshotter implements Snapshotter {
  readonly #driver: SnapshotDriver;
  readonly #store: SnapshotStore;

  constructor(driver: SnapshotDriver, store: SnapshotStore) {
    this.#driver = driver;
    this.#store = store;
  }

  get driver(): string {
    return this.#driver.name;
  }

  get rebases(): boolean {
    return this.#driver.rebases;
  }

  stat(key: string): SnapshotInfo {
    return infoOf(this.#store.records.get(key));
  }

  update(key: string, labels: Labels): SnapshotInfo {
    return this.#store.locked(() => {
      const record = { ...this.#store.records.get(key), labels, updated: now() };
      this.#store.records.replace(record);
      return infoOf(record);
    });
  }

  *walk(): Generator<SnapshotInfo> {
    for (const record of this.#store.records.all()) yield infoOf(record);
  }

  async usage(key: string): Promise<SnapshotUsage> {
    const { usage, kind, id } = this.#store.records.get(key);
    if (usage !== undefined) return usage;
    if (kind === 'view') return { inodes: 0, size: 0 };
    return measureTree(filesOf(this.#store.layer(id)));
  }

  mounts(key: string): SnapshotMount[] {
    const record = this.#store.records.get(key);
    if (record.kind !== 'committed') return this.#driver.mounts(this.#layerOf(record));
    const advice = 'prepare or view a snapshot on top of it';
    throw new SnapshotError('FAILED_PRECONDITION', key, `snapshot ${key} is committed: ${advice}`);
  }

  async prepare(
    key: string,
    parent?: string,
    options: SnapshotOptions = {},
  ): Promise<SnapshotMount[]> {
    return this.#create('active', key, parent, options);
  }

  async view(
    key: string,
    parent?: string,
    options: SnapshotOptions = {},
  ): Promise<SnapshotMount[]> {
    return this.#create('view', key, parent, options);
  }

  async commit(
    name: string,
    key: string,
    { labels = {}, parent }: CommitOptions = {},
  ): Promise<void> {
    checkKey(name);
    const usage = await measureTree(filesOf(this.#store.layer(this.#activeRecord(key).id)));
    this.#store.syncFiles();
    this.#store.locked(() => {
      const active = this.#activeRecord(key);
      this.#refuseTaken(name);
      const time = now();
      this.#store.records.commit(key, {
        ...active,
        ...(parent !== undefined && { parent, parents: this.#newParents(active, parent) }),
        name,
        kind: 'committed',
        labels,
        usage,
        created: time,
        updated: time,
      });
    });
  }

  async remove(key: string): Promise<void> {
    const discarded = this.#store.locked(() => {
      const record = this.#store.records.get(key);
      if (record.kind === 'committed') this.#refuseParent(key);
      this.#store.records.delete(key);
      return this.#store.discard(record.id);
    });
    await removeTree(discarded);
  }

  *changes(key: string): Generator<Change> {
    const record = this.#store.records.get(key);
    if (record.kind !== 'view') yield* this.#driver.changes(this.#layerOf(record));
  }

  async cleanup(): Promise<string[]> {
    return this.#store.cleanup();
  }

  close(): void {
    this.#store.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Checks, fills outside the lock, and checks again: copying may take long. */
  async #create(
    kind: SnapshotKind,
    key: string,
    parent: string | undefined,
    { labels = {} }: SnapshotOptions,
  ): Promise<SnapshotMount[]> {
    checkKey(key);
    const parents = this.#checkNew(key, parent);
    using held = this.#store.createLayer();
    const { id } = held;
    const time = now();
    const named = { name: key, ...(parent !== undefined && { parent }) };
    const record = { ...named, id, kind, parents, labels, created: time, updated: time };
    try {
      await this.#driver.fill(this.#layerOf(record));
      this.#store.locked(() => {
        this.#checkNew(key, parent);
        this.#store.records.create(record);
      });
    } catch (error) {
      await removeTree(this.#store.discard(id));
      throw error;
    }
    return this.#driver.mounts(this.#layerOf(record));
  }

  /** The ids of a new snapshot's ancestors. */
  #checkNew(key: string, parent: string | undefined): string[] {
    this.#refuseTaken(key);
    return parent === undefined ? [] : this.#ancestors(key, parent);
  }

  /** The ids of a snapshot that gets its parent at its commit. */
  #newParents(active: SnapshotRecord, parent: string): string[] {
    if (active.parent === undefined && this.#driver.rebases) {
      return this.#ancestors(active.name, parent);
    }
    const why =
      active.parent === undefined
        ? `its driver ${this.#driver.name} cannot do that`
        : `it is on ${active.parent} already`;
    const message = `snapshot ${active.name} cannot be put on ${parent}: ${why}`;
    throw new SnapshotError('FAILED_PRECONDITION', active.name, message);
  }

  #ancestors(key: string, parent: string): string[] {
    const record = this.#store.records.get(parent);
    if (record.kind === 'committed') return [record.id, ...record.parents];
    const message = `parent ${parent} of ${key} is ${record.kind}: commit it first`;
    throw new SnapshotError('INVALID_ARGUMENT', parent, message);
  }

  #refuseTaken(key: string): void {
    if (this.#store.records.find(key) === undefined) return;
    const message = `snapshot ${key} exists already: remove it, or use another name`;
    throw new SnapshotError('ALREADY_EXISTS', key, message);
  }

  #refuseParent(key: string): void {
    const child = this.#store.records.all().find(({ parent }) => parent === key);
    if (child === undefined) return;
    const message = `snapshot ${key} is the parent of ${child.name}: remove that first`;
    throw new SnapshotError('FAILED_PRECONDITION', key, message);
  }

  #activeRecord(key: string): SnapshotRecord {
    const record = this.#store.records.get(key);
    if (record.kind === 'active') return record;
    const message = `snapshot ${key} is ${record.kind}, only an active one can be committed`;
    throw new SnapshotError('FAILED_PRECONDITION', key, message);
  }

  #layerOf(record: SnapshotRecord): Layer {
    return {
      record,
      directory: this.#store.layer(record.id),
      parents: record.parents.map((id) => this.#store.layer(id)),
    };
  }
}

function infoOf({ kind, name, parent, labels, created, updated }: SnapshotRecord): SnapshotInfo {
  return { kind, name, labels, created, updated, ...(parent !== undefined && { parent }) };
}

function checkKey(key: string): void {
  if (key !== '') return;
  throw new SnapshotError('INVALID_ARGUMENT', key, 'a snapshot needs a name that is not empty');
}

function now(): string {
  return new Date().toISOString();
}
