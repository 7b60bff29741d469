/**
 * What differs between two whole directories: for snapshots that are copies.
 *
 * Files are the same if size, time of modification (in nanoseconds) and all other metadata are; a
 * program that changes a file and puts its time back is not noticed.
 */
import { readlinkSync, type BigIntStats } from 'node:fs';
import { directoryChange } from '#parts/overlayfs/upper.ts';
import { HardLinks, putChange, sameMetadata, type Change, type Node } from './change.ts';
import { lstatOf } from './marks.ts';
import { encodePath, listNames } from './names.ts';

/**
 * The changes that make `after` from `before`, parents before children and names in order.
 *
 * A file of several names is told under all of them if one is new or changed, so that the new names
 * become links to the old. That takes a first pass, which only looks for such files.
 *
 * @param before the parent image; `undefined` if there is none.
 */
export function* directoryChanges(before: string | undefined, after: string): Generator<Change> {
  const linked = new Set<string>();
  for (const { stats } of new Comparison(linked).compare('', before, after)) {
    if (stats !== undefined && !stats.isDirectory() && stats.nlink > 1n) linked.add(inodeOf(stats));
  }
  yield* new Comparison(linked).compare('', before, after);
}

class Comparison {
  readonly #links = new HardLinks();
  /** Inodes that are changes under every name. */
  readonly #linked: ReadonlySet<string>;

  constructor(linked: ReadonlySet<string>) {
    this.#linked = linked;
  }

  *compare(path: string, before: string | undefined, after: string): Generator<Change> {
    const old = before === undefined ? [] : listNames(before);
    for (const name of [...new Set([...old, ...listNames(after)])].toSorted()) {
      const at = path === '' ? name : `${path}/${name}`;
      const current = nodeAt(`${after}/${name}`);
      if (current === undefined) yield { kind: 'delete', path: at };
      else {
        const previous = before === undefined ? undefined : nodeAt(`${before}/${name}`);
        yield* this.#compareNode(at, previous, current);
      }
    }
  }

  *#compareNode(path: string, old: Node | undefined, current: Node): Generator<Change> {
    const kind = old === undefined ? 'add' : 'modify';
    const { path: source, stats } = current;
    if (stats.isDirectory()) {
      const before = old?.stats.isDirectory() === true ? old.path : undefined;
      const isChanged = old === undefined || !sameMetadata(old, current);
      const contents = this.compare(path, before, source);
      yield* directoryChange({ kind, path, source, stats }, isChanged, contents);
    } else if (old === undefined || this.#linked.has(inodeOf(stats)) || !sameFile(old, current)) {
      yield putChange(kind, path, source, stats, this.#links);
    }
  }
}

function inodeOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

/** lstat(2) tells the type in `mode`, so equal metadata means equal types. */
function sameFile(a: Node, b: Node): boolean {
  if (!sameMetadata(a, b)) return false;
  if (b.stats.isSymbolicLink()) return targetOf(a) === targetOf(b);
  return a.stats.size === b.stats.size && a.stats.rdev === b.stats.rdev;
}

function targetOf({ path }: Node): string {
  return readlinkSync(encodePath(path), { encoding: 'latin1' });
}

function nodeAt(path: string): Node | undefined {
  const stats = lstatOf(path);
  return stats === undefined ? undefined : { path, stats };
}
