/**
 * What an overlay's upper directory changes, read without mounting anything.
 *
 * The upper directory is the list of changes already; three things need the lower layers: whether a
 * name is new or replaces something, whether a whiteout hides anything, and what a renamed
 * directory (`redirect_dir`) has brought along. That one is told as the deletion of the old name,
 * which upper's whiteout says, and the addition of everything under the new one.
 */
import type { BigIntStats } from 'node:fs';
import { OverlayError } from '../errors.ts';
import { directoryChange, HardLinks, putChange, sameMetadata, type Change } from './change.ts';
import {
  isWhiteout,
  lstatOf,
  markPrefix,
  readMarks,
  type MarkPrefix,
  type Marks,
} from './marks.ts';
import { MergedDirectory, type MergedEntry } from './merged.ts';
import { listNames } from './names.ts';

/** The layers that the changes are read from. */
export interface OverlayLayers {
  readonly upper: string;
  /** The topmost first; none if upper stands alone. */
  readonly lower: readonly string[];
  readonly userxattr?: boolean;
}

/**
 * The changes, parents before children and names in order; those of a directory follow it at once.
 *
 * The overlay should not be mounted meanwhile, or at least not written to.
 *
 * @throws OverlayError OVERLAY_BAD_CONTENT for a file that `metacopy=on` has split.
 */
export function* overlayChanges(layers: OverlayLayers): Generator<Change> {
  const prefix = markPrefix(layers.userxattr);
  const below = MergedDirectory.root(layers.lower, prefix);
  const reader = new UpperReader(prefix, below);
  yield* reader.readDirectory({ path: '', upper: layers.upper, below, moved: false });
}

/** A directory to read: upper's, the parent image's, or both at once. */
interface Level {
  readonly path: string;
  readonly upper?: string;
  /** What is merged in from below. */
  readonly below?: MergedDirectory;
  /** `below` is new at this path, so all of it is a change. */
  readonly moved: boolean;
}

class UpperReader {
  readonly #prefix: MarkPrefix;
  readonly #root: MergedDirectory;
  readonly #links = new HardLinks();

  constructor(prefix: MarkPrefix, root: MergedDirectory) {
    this.#prefix = prefix;
    this.#root = root;
  }

  *readDirectory(level: Level): Generator<Change> {
    const { upper, below, moved } = level;
    const marked = upper !== undefined && readMarks(upper, this.#prefix).attributeWhiteouts;
    const inUpper = new Set(upper === undefined ? [] : listNames(upper));
    const inherited = moved && below !== undefined ? below.names() : [];
    for (const name of [...new Set([...inUpper, ...inherited])].toSorted()) {
      const entry = below?.lookup(name);
      const source = `${upper ?? ''}/${name}`;
      const stats = inUpper.has(name) ? lstatOf(source) : undefined;
      const path = level.path === '' ? name : `${level.path}/${name}`;
      if (stats === undefined) {
        if (moved && entry !== undefined) yield* this.#readInherited(path, entry);
      } else if (isWhiteout(source, stats, this.#prefix, marked)) {
        if (!moved && entry !== undefined) yield { kind: 'delete', path };
      } else yield* this.#readEntry({ path, source, stats, entry, level });
    }
  }

  /** An entry that only the parent image has, under a directory that was renamed. */
  *#readInherited(
    path: string,
    { path: source, stats, directory }: MergedEntry,
  ): Generator<Change> {
    yield putChange('add', path, source, stats, this.#links);
    if (directory !== undefined) {
      yield* this.readDirectory({ path, below: directory, moved: true });
    }
  }

  *#readEntry({ path, source, stats, entry, level }: UpperEntry): Generator<Change> {
    const kind = entry === undefined || level.moved ? 'add' : 'modify';
    const marks = readMarks(source, this.#prefix);
    if (marks.metacopy) throw splitFile(path, source);
    if (!stats.isDirectory()) {
      yield putChange(kind, path, source, stats, this.#links);
      return;
    }
    const inherited = this.#inheritedBy(marks, entry, level);
    const hides = kind === 'modify' && entry?.directory !== undefined;
    const opaque = hides && inherited?.moved !== false;
    const isChanged = opaque || !hides || !sameMetadata({ path: source, stats }, entry);
    const change: Change = { kind, path, source, stats, ...(opaque && { opaque: true }) };
    const contents = this.readDirectory({ path, upper: source, moved: false, ...inherited });
    yield* directoryChange(change, isChanged, contents);
  }

  /** What is merged into a directory of upper from below; nothing if it is opaque. */
  #inheritedBy(
    { opaque, redirect }: Marks,
    entry: MergedEntry | undefined,
    { below, moved }: Level,
  ): { below: MergedDirectory; moved: boolean } | undefined {
    if (opaque) return undefined;
    if (redirect === undefined) {
      return entry?.directory === undefined ? undefined : { below: entry.directory, moved };
    }
    const from = redirect.startsWith('/') ? this.#root : below;
    const origin = from?.follow(redirect)?.directory;
    return origin === undefined ? undefined : { below: origin, moved: true };
  }
}

interface UpperEntry {
  readonly path: string;
  readonly source: string;
  readonly stats: BigIntStats;
  readonly entry: MergedEntry | undefined;
  readonly level: Level;
}

function splitFile(path: string, source: string): OverlayError {
  return new OverlayError(
    'OVERLAY_BAD_CONTENT',
    `${path} has only its attributes in upper, since it was mounted with metacopy=on: read the ` +
      'mounted overlay instead, or mount with metacopy=off before the file is changed',
    { path: source, option: 'metacopy' },
  );
}
