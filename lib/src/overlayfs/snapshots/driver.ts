import type { Change } from '../layers/change.ts';
import type { SnapshotRecord } from './records.ts';
import type { SnapshotMount } from './types.ts';

/** A snapshot as a driver sees it. */
export interface Layer {
  readonly record: Pick<SnapshotRecord, 'kind' | 'labels'>;
  /** Its own directory. */
  readonly directory: string;
  /** The directories of its ancestors, the parent first. */
  readonly parents: readonly string[];
}

/** How layers are made, mounted and compared: what tells one snapshotter from another. */
export interface SnapshotDriver {
  readonly name: string;
  /** Whether a layer holds nothing of its parents, and so may be put on others than it was made on. */
  readonly rebases: boolean;
  /** Fills the empty directory of a new active snapshot or view. */
  fill(layer: Layer): Promise<void> | void;
  /** What to mount for an active snapshot or a view. */
  mounts(layer: Layer): SnapshotMount[];
  /** How an active or committed snapshot differs from its parent. */
  changes(layer: Layer): Generator<Change>;
}

/** Where a layer keeps the image's files. */
export function filesOf(directory: string): string {
  return `${directory}/fs`;
}

/** A bind mount of a directory. */
export function bindMount(source: string, access: 'ro' | 'rw'): SnapshotMount {
  return { type: 'bind', source, options: [access, 'rbind'] };
}
