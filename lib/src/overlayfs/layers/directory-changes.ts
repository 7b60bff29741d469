/**
 * What differs between two whole directories: for snapshots that are copies.
 *
 * Files are the same if size, time of modification (in nanoseconds) and all other metadata are; a
 * program that changes a file and puts its time back is not noticed.
 */
import { readlinkSync } from 'node:fs';
import { directoryChange, HardLinks, putChange, sameMetadata, type Change, type Node } from './change.ts';
import { lstatOf } from './marks.ts';
import { encodePath, listNames } from './names.ts';

/**
 * The changes that make `after` from `before`, parents before children and names in order.
 *
 * @param before the parent image; `undefined` if there is none.
 */
export function directoryChanges(before: string | undefined, after: string): Generator<Change> {
  return compare('', before, after, new HardLinks());
}

function* compare(
  path: string,
  before: string | undefined,
  after: string,
  links: HardLinks,
): Generator<Change> {
  const now = listNames(after);
  const names = new Set([...(before === undefined ? [] : listNames(before)), ...now]);
  for (const name of [...names].toSorted()) {
    const at = path === '' ? name : `${path}/${name}`;
    const old = before === undefined ? undefined : nodeAt(`${before}/${name}`);
    const current = nodeAt(`${after}/${name}`);
    if (current === undefined) yield { kind: 'delete', path: at };
    else yield* compareNode(at, old, current, links);
  }
}

function* compareNode(
  path: string,
  old: Node | undefined,
  current: Node,
  links: HardLinks,
): Generator<Change> {
  const isChanged = old === undefined || !sameNode(old, current);
  const kind = old === undefined ? 'add' : 'modify';
  const { path: source, stats } = current;
  if (stats.isDirectory()) {
    const before = old?.stats.isDirectory() === true ? old.path : undefined;
    const contents = compare(path, before, source, links);
    yield* directoryChange({ kind, path, source, stats }, isChanged, contents);
  } else if (isChanged) yield putChange(kind, path, source, stats, links);
}

/**
 * lstat(2) tells the type in `mode`, so equal metadata means equal types. A file that has got or
 * lost a name is told under all its names, since the new ones must become links to the old.
 */
function sameNode(a: Node, b: Node): boolean {
  if (!sameMetadata(a, b)) return false;
  if (b.stats.isDirectory()) return true;
  if (a.stats.nlink !== b.stats.nlink) return false;
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
