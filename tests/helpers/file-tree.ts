/** A tree of files as text: what a faithful copy has in common with its original. */
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { encodePath, listNames } from 'coracle/overlayfs';
import { lgetxattr, llistxattr } from 'coracle/sys';
import { lstatSync } from 'node:fs';

/**
 * One line for each file below `root`, `root` itself first: path, type and mode, owner, time, and
 * what it holds. Hard links name the first of them. The size of a directory says nothing and is left
 * out, and so are the overlay's own attributes.
 *
 * @param without paths whose times are left out.
 */
export function describeTree(root: string, without: ReadonlySet<string> = new Set()): string[] {
  const lines: string[] = [];
  const inodes = new Map<string, string>();
  const visit = (path: string): void => {
    const at = encodePath(path === '' ? root : `${root}/${path}`);
    const stats = lstatSync(at, { bigint: true });
    const inode = `${stats.dev}:${stats.ino}`;
    const first = inodes.get(inode);
    const time = without.has(path) ? '' : String(stats.mtimeNs);
    const common = `${path} ${stats.mode.toString(8)} ${stats.uid}:${stats.gid} ${time}`;
    const attributes = llistxattr(at)
      .filter((name) => !name.startsWith('trusted.overlay.'))
      .toSorted()
      .map((name) => `${name}=${lgetxattr(at, name)?.toString('hex') ?? ''}`);
    let holds = '';
    if (first !== undefined && !stats.isDirectory()) holds = `same as ${first}`;
    else if (stats.isFile()) holds = `${stats.size} ${hash(at)}`;
    else if (stats.isSymbolicLink()) holds = readlinkSync(at, 'latin1');
    else if (!stats.isDirectory()) holds = String(stats.rdev);
    inodes.set(inode, first ?? path);
    lines.push([common, holds, ...attributes].join(' '));
    if (!stats.isDirectory()) return;
    for (const name of listNames(path === '' ? root : `${root}/${path}`)) {
      visit(path === '' ? name : `${path}/${name}`);
    }
  };
  visit('');
  return lines;
}

function hash(file: string | Buffer): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
