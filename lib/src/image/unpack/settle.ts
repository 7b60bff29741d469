/**
 * Makes a layer that was unpacked by itself look as if it had been unpacked on top of others.
 *
 * In an overlay the topmost directory decides about mode, owner and times. A directory that the
 * layer's archive does not have, but puts files into, must be like the one below; so must the root.
 */
import { lstatSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  copyMetadata,
  encodePath,
  mountSnapshot,
  unmountAll,
  type Snapshotter,
} from '../../overlayfs/index.ts';
import type { Extracted } from './extract.ts';
import { ownedKey } from './owner.ts';

/**
 * @param parent the snapshot below; without one there is nothing to do.
 * @returns `false` if one of these directories is no directory below, but a symlink or a file: the
 *   layer must be unpacked on top of it.
 */
export async function settle(
  { directory, implicit }: Extracted,
  snapshotter: Snapshotter,
  parent: string | undefined,
): Promise<boolean> {
  if (directory === undefined || parent === undefined || implicit.size === 0) return true;
  return withView(snapshotter, parent, (below) => {
    // The deepest first: what is done in a directory changes its times.
    for (const each of [...implicit].toReversed()) {
      if (passesSymlink(below, each)) return false;
      const there = `${below}/${each}`;
      const stats = lstatSync(encodePath(there), { bigint: true, throwIfNoEntry: false });
      if (stats === undefined) continue;
      if (!stats.isDirectory()) return false;
      copyMetadata(there, `${directory}/${each}`, stats);
    }
    return true;
  });
}

/** Whether the way to a path leads through a symlink below. */
function passesSymlink(below: string, name: string): boolean {
  const names = name.split('/');
  return names.some((_, index) => {
    const part = `${below}/${names.slice(0, index + 1).join('/')}`;
    const stats = lstatSync(encodePath(part), { throwIfNoEntry: false });
    return stats?.isSymbolicLink() ?? false;
  });
}

/** What is in a snapshot, at a path, for the time of `look`. */
async function withView<T>(
  snapshotter: Snapshotter,
  parent: string,
  look: (root: string) => T,
): Promise<T> {
  const key = ownedKey('settle');
  const mounts = await snapshotter.view(key, parent);
  try {
    const target = mkdtempSync(path.join(tmpdir(), 'coracle-settle-'));
    try {
      mountSnapshot(mounts, target);
      try {
        return look(target);
      } finally {
        unmountAll(target);
      }
    } finally {
      rmdirSync(target);
    }
  } finally {
    await snapshotter.remove(key);
  }
}
