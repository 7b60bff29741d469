/**
 * Snapshots: the names, kinds and rules of containerd's snapshotters
 * (containerd, docs/snapshotters and core/snapshots).
 *
 *     prepare(key, parent) ─▶ active ── commit(name, key) ─▶ committed ─▶ parent of others
 *     view(key, parent)    ─▶ view                            │
 *             └──────────────── remove(key) ◀─────────────────┘ (once it has no children)
 *
 * A snapshotter decides and keeps the books; it mounts nothing. `mounts` says what to mount, and
 * whoever wants the files acts on it (`mountSnapshot`).
 */
import type { Change } from '../layers/change.ts';

/** `active` can be written, `view` only read, `committed` only be a parent. */
export type SnapshotKind = 'active' | 'view' | 'committed';

export type Labels = Readonly<Record<string, string>>;

/** What is known about a snapshot. */
export interface SnapshotInfo {
  readonly kind: SnapshotKind;
  readonly name: string;
  readonly parent?: string;
  readonly labels: Labels;
  /** RFC 3339, UTC. */
  readonly created: string;
  readonly updated: string;
}

/** A mount as containerd passes it to a shim: type, source and options of mount(8). */
export interface SnapshotMount {
  readonly type: 'bind' | 'overlay';
  readonly source: string;
  readonly options: readonly string[];
}

/** What a snapshot itself takes, without its parents. */
export interface SnapshotUsage {
  readonly inodes: number;
  /** Bytes on disk. */
  readonly size: number;
}

/** What a new snapshot is given. */
export interface SnapshotOptions {
  readonly labels?: Labels;
}

/** What a committed snapshot is given. */
export interface CommitOptions extends SnapshotOptions {
  /**
   * Puts it on top of this one, though it was prepared without a parent: so layers that were made
   * side by side become a stack (containerd calls it rebase). Its directory must look as if it had
   * been made there. Of the overlay driver alone.
   */
  readonly parent?: string;
}

/**
 * A store of snapshots. Every method but `cleanup` and `walk` throws SnapshotError NOT_FOUND for a
 * key that does not exist; the other errors are named where they belong.
 */
export interface Snapshotter extends Disposable {
  /** `'overlay'` or `'native'`. */
  readonly driver: string;
  /** Whether `commit` may put a snapshot on a parent. */
  readonly rebases: boolean;

  /** What is known about one snapshot. */
  stat(key: string): SnapshotInfo;
  /** Replaces the labels. */
  update(key: string, labels: Labels): SnapshotInfo;
  /** Every snapshot, in the order of their names. */
  walk(): Generator<SnapshotInfo>;
  /** Measured for active snapshots, remembered for committed ones. */
  usage(key: string): Promise<SnapshotUsage>;
  /** What to mount, of an active snapshot or a view; FAILED_PRECONDITION for a committed one. */
  mounts(key: string): SnapshotMount[];
  /**
   * Makes an active snapshot of a committed parent, or an empty one.
   *
   * ALREADY_EXISTS if the key is taken; INVALID_ARGUMENT if the parent is not committed.
   */
  prepare(key: string, parent?: string, options?: SnapshotOptions): Promise<SnapshotMount[]>;
  /** The same, to be read only. */
  view(key: string, parent?: string, options?: SnapshotOptions): Promise<SnapshotMount[]>;
  /**
   * Makes an active snapshot a committed one under a new name. Unmount it before. The labels of the
   * active one do not go along.
   *
   * ALREADY_EXISTS if the name is taken; FAILED_PRECONDITION if the key is not active, or cannot
   * get another parent.
   */
  commit(name: string, key: string, options?: CommitOptions): Promise<void>;
  /** Deletes a snapshot; FAILED_PRECONDITION while others have it as their parent. */
  remove(key: string): Promise<void>;
  /** How an active or committed snapshot differs from its parent. */
  changes(key: string): Generator<Change>;
  /**
   * Repairs what a crash has left half done, and tells what that was. May run at any time, next to
   * other processes.
   */
  cleanup(): Promise<string[]>;
  /** Lets go of the store, as `using` does; snapshots stay. May be called twice. */
  close(): void;
}
