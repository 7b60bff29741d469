/**
 * Snapshots as layers of an overlay: `fs` holds what a snapshot adds, `work` is the kernel's.
 * Making one costs two mkdir(2), whatever its parents hold.
 */
import { lchownSync } from 'node:fs';
import { escapePath } from '#parts/overlayfs/escape.ts';
import { lstatOf } from '../layers/marks.ts';
import { overlayChanges } from '../layers/overlay-changes.ts';
import { copyMetadata } from './copy.ts';
import { bindMount, filesOf, type Layer, type SnapshotDriver } from './driver.ts';
import { mappedRoot, mappingOptions } from './id-labels.ts';
import { makeDirectory } from './trees.ts';
import type { SnapshotMount } from './types.ts';

/** Where overlayfs keeps its marks. */
export interface OverlayDriverOptions {
  /** Keep overlayfs' marks in `user.overlay.*`; needed in a user namespace. */
  readonly userxattr?: boolean;
}

/** The driver for hosts where overlayfs works; `probeOverlay` tells. */
export function overlayDriver({ userxattr = false }: OverlayDriverOptions = {}): SnapshotDriver {
  return {
    name: 'overlay',
    rebases: true,
    fill,
    mounts: (layer) => planMounts(layer, userxattr),
    changes: ({ directory, parents }) =>
      overlayChanges({ upper: filesOf(directory), lower: parents.map(filesOf), userxattr }),
  };
}

/** The merged root directory is upper's, so it must look like the parent's. */
function fill({ record, directory, parents: [parent] }: Layer): void {
  const files = filesOf(directory);
  makeDirectory(files, 0o755);
  if (record.kind === 'active') makeDirectory(`${directory}/work`, 0o711);
  const stats = parent === undefined ? undefined : lstatOf(filesOf(parent));
  if (parent !== undefined && stats !== undefined) copyMetadata(filesOf(parent), files, stats);
  // A view's own directory is a lower layer, which is seen through the mapping anyway.
  if (record.kind === 'view') return;
  const owner = mappedRoot(record.labels, stats);
  if (owner !== undefined) lchownSync(files, owner.uid, owner.gid);
}

function planMounts({ record, directory, parents }: Layer, userxattr: boolean): SnapshotMount[] {
  const files = filesOf(directory);
  const active = record.kind === 'active';
  const [parent] = parents;
  if (parent === undefined) return [bindMount(files, active ? 'rw' : 'ro')];
  const mapping = mappingOptions(record.labels);
  if (!active && parents.length === 1 && mapping.length === 0) {
    return [bindMount(filesOf(parent), 'ro')];
  }
  // A view of one layer that must be mapped is an overlay too: its own empty `fs` is the second.
  const lower = active || parents.length > 1 ? parents.map(filesOf) : [files, filesOf(parent)];
  const options = ['index=off', 'metacopy=off', ...(userxattr ? ['userxattr'] : []), ...mapping];
  if (active) {
    options.push(`workdir=${escapePath(`${directory}/work`)}`, `upperdir=${escapePath(files)}`);
  }
  options.push(`lowerdir=${lower.map(escapePath).join(':')}`);
  return [{ type: 'overlay', source: 'overlay', options }];
}
