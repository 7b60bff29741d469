/**
 * Snapshots as whole copies: for hosts and places where overlayfs is refused. A snapshot costs as
 * much as its parent is large, except where the filesystem shares blocks (btrfs, xfs).
 */
import { directoryChanges } from '../layers/directory-changes.ts';
import { copyTree } from './copy.ts';
import { bindMount, filesOf, type Layer, type SnapshotDriver } from './driver.ts';
import { makeDirectory } from './trees.ts';

/** The driver that works everywhere. */
export function nativeDriver(): SnapshotDriver {
  return {
    name: 'native',
    rebases: false,
    fill,
    mounts: ({ record, directory, parents: [parent] }) => {
      if (record.kind === 'active') return [bindMount(filesOf(directory), 'rw')];
      return [bindMount(filesOf(parent ?? directory), 'ro')];
    },
    changes: ({ directory, parents: [parent] }) =>
      directoryChanges(parent === undefined ? undefined : filesOf(parent), filesOf(directory)),
  };
}

/** A view needs no copy: nobody writes to it, nor to its parent. */
async function fill({ record, directory, parents: [parent] }: Layer): Promise<void> {
  makeDirectory(filesOf(directory), 0o755);
  if (record.kind === 'active' && parent !== undefined) {
    await copyTree(filesOf(parent), filesOf(directory));
  }
}
