/** Exercise 03.6: what an overlay's upper directory changes. */
import type { BigIntStats } from 'node:fs';
import { putChange, type Change, type HardLinks } from '../layers/change.ts';

/** One name in a directory of upper, beside what the layers below show under it. */
export interface UpperEntry {
  /** From the root of the image, without a leading slash. */
  readonly path: string;
  /** `file` is everything that is neither of the others: a symlink, a device, … */
  readonly kind: 'whiteout' | 'directory' | 'file';
  /** Where it is, on the host. */
  readonly source: string;
  /** lstat(2) of `source`. */
  readonly stats: BigIntStats;
  /** What the parent image, all layers below as one, shows under this path. */
  readonly below: 'nothing' | 'directory' | 'file';
  /** Of a directory: nothing of a directory below shows through. */
  readonly opaque: boolean;
  /** Whether mode, owner, time and attributes are those of the directory below; reads the disk. */
  isSameAsBelow(): boolean;
  /** What is in it, if it is a directory, in order of the names; reads the disk. */
  entries(): Iterable<UpperEntry>;
}

// #region exercise-03-6
/**
 * The changes that upper's entries make to the image below, in the order of the entries, and those
 * of a directory's contents right after its own.
 *
 * - A whiteout is a `delete`, if there is anything below to delete; else it says nothing.
 * - Any other entry is an `add` if nothing is below, and else a `modify`, whatever is below.
 *   {@link putChange} makes the change of a file; it finds hard links.
 * - The change of a directory is `{ kind, path, source, stats }`, and `opaque: true` besides if the
 *   directory is opaque and hides a directory below. (If no directory is below there is nothing to
 *   hide, and the key is not there.)
 * - What is in a directory is told in the same way, with the same `links`: a second name of a file may
 *   be in another directory.
 * - The directory itself has changed unless a directory is below, it is not opaque, and it is the
 *   same as that one. {@link directoryChange} tells it and its contents.
 */
export function* upperChanges(entries: Iterable<UpperEntry>, links: HardLinks): Generator<Change> {
  for (const entry of entries) {
    const { path, source, stats } = entry;
    const kind = entry.below === 'nothing' ? 'add' : 'modify';
    if (entry.kind === 'whiteout') {
      if (entry.below !== 'nothing') yield { kind: 'delete', path };
    } else if (entry.kind === 'file') {
      yield putChange(kind, path, source, stats, links);
    } else {
      const opaque = entry.opaque && entry.below === 'directory';
      const isChanged = opaque || entry.below !== 'directory' || !entry.isSameAsBelow();
      const directory: Change = { kind, path, source, stats, ...(opaque && { opaque }) };
      yield* directoryChange(directory, isChanged, upperChanges(entry.entries(), links));
    }
  }
}

/**
 * A directory's own change, then those of its contents.
 *
 * A directory that is the same itself is told too if anything in it is a change, before the first
 * of those: who unpacks a layer into an empty directory makes the missing ones, and must give them
 * the right owner and mode. If neither it nor anything in it has changed there is nothing to tell.
 */
export function* directoryChange(
  directory: Change,
  isChanged: boolean,
  contents: Iterable<Change>,
): Generator<Change> {
  let told = isChanged;
  if (told) yield directory;
  for (const change of contents) {
    if (!told) yield directory;
    told = true;
    yield change;
  }
}
// #endregion exercise-03-6
