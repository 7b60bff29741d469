import type { BigIntStats } from 'node:fs';
import { lgetxattr, llistxattr } from '../../sys/index.ts';
import { encodePath } from './names.ts';

/** One difference between a snapshot and its parent. */
export interface Change {
  readonly kind: 'add' | 'modify' | 'delete';
  /** Relative to the root of the image, without a leading slash. See `encodePath` for odd names. */
  readonly path: string;
  /** Where the new contents and attributes are, on the host; not for `'delete'`. */
  readonly source?: string;
  /** lstat(2) of `source`. */
  readonly stats?: BigIntStats;
  /** A directory that hides everything its parent image has there. */
  readonly opaque?: boolean;
  /** The path of an earlier change of this list that is the same file (a hard link). */
  readonly linkTo?: string;
}

/** Remembers files by inode, to tell second names from first ones. */
export class HardLinks {
  readonly #first = new Map<string, string>();

  /** The path under which this file was seen before, if it was. */
  earlier(path: string, stats: BigIntStats): string | undefined {
    if (stats.isDirectory() || stats.nlink < 2n) return undefined;
    const key = `${stats.dev}:${stats.ino}`;
    const first = this.#first.get(key);
    if (first === undefined) this.#first.set(key, path);
    return first;
  }
}

/** The change that brings `source` to `path`. */
export function putChange(
  kind: 'add' | 'modify',
  path: string,
  source: string,
  stats: BigIntStats,
  links: HardLinks,
): Change {
  const linkTo = links.earlier(path, stats);
  return { kind, path, source, stats, ...(linkTo !== undefined && { linkTo }) };
}

/** A file or directory and its lstat(2). */
export interface Node {
  readonly path: string;
  readonly stats: BigIntStats;
}

/** Whether mode, owner, time of modification and extended attributes are the same. */
export function sameMetadata(a: Node, b: Node): boolean {
  return (
    a.stats.mode === b.stats.mode &&
    a.stats.uid === b.stats.uid &&
    a.stats.gid === b.stats.gid &&
    a.stats.mtimeNs === b.stats.mtimeNs &&
    sameAttributes(a.path, b.path)
  );
}

/** Extended attributes that belong to the image, not to overlayfs. */
export function imageAttributes(path: string): string[] {
  return llistxattr(encodePath(path))
    .filter((name) => !/^(?:trusted|user)\.overlay\./.test(name))
    .toSorted();
}

function sameAttributes(a: string, b: string): boolean {
  const names = imageAttributes(a);
  const others = imageAttributes(b);
  return (
    names.length === others.length &&
    names.every((name, index) => name === others[index] && sameValue(a, b, name))
  );
}

function sameValue(a: string, b: string, name: string): boolean {
  const [left, right] = [lgetxattr(encodePath(a), name), lgetxattr(encodePath(b), name)];
  return left === undefined || right === undefined ? left === right : left.equals(right);
}
