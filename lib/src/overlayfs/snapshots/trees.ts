/** Whole directory trees: measuring and removing them, in slices. */
import { chmodSync, mkdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { hasCode } from '../../sys/index.ts';
import { lstatOf } from '../layers/marks.ts';
import { encodePath, listNames } from '../layers/names.ts';
import { Pacer } from './pacer.ts';
import type { SnapshotUsage } from './types.ts';

/** mkdir(2) with exactly this mode, whatever the umask; parents too, and no error if it exists. */
export function makeDirectory(path: string, mode: number): void {
  mkdirSync(path, { recursive: true });
  chmodSync(path, mode);
}

/** What a tree takes on disk, its own root included; a file with several names counts once. */
export async function measureTree(root: string): Promise<SnapshotUsage> {
  const pacer = new Pacer();
  const seen = new Set<string>();
  let size = 0;
  const visit = async (path: string): Promise<void> => {
    const stats = lstatOf(path);
    if (stats === undefined) return;
    const inode = `${stats.dev}:${stats.ino}`;
    if (!seen.has(inode)) size += Number(stats.blocks) * 512;
    seen.add(inode);
    if (!stats.isDirectory()) return;
    for (const name of listNames(path)) {
      await visit(`${path}/${name}`);
      await pacer.turn();
    }
  };
  await visit(root);
  return { inodes: seen.size, size };
}

/**
 * Removes a tree; what is gone already, by somebody else's hand, is no error.
 *
 * Mounts in it are not undone: a busy directory is an error.
 */
export async function removeTree(root: string, pacer: Pacer = new Pacer()): Promise<void> {
  const stats = lstatOf(root);
  if (stats === undefined) return;
  const path = encodePath(root);
  if (!stats.isDirectory()) {
    unlessGone(() => unlinkSync(path));
    return;
  }
  for (const name of unlessGone(() => namesToRemove(root)) ?? []) {
    await removeTree(`${root}/${name}`, pacer);
    await pacer.turn();
  }
  unlessGone(() => rmdirSync(path));
}

/** overlayfs leaves a directory of mode 000 in `work`, which only root can look into. */
function namesToRemove(directory: string): string[] {
  try {
    return listNames(directory);
  } catch (error) {
    if (!hasCode(error, 'EACCES')) throw error;
    chmodSync(encodePath(directory), 0o700);
    return listNames(directory);
  }
}

function unlessGone<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
