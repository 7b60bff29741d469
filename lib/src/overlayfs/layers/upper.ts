/**
 * Upper's entries, read without mounting anything, each beside what the layers below show there.
 *
 * A directory that was renamed (`redirect_dir`) is nearly empty in upper: the rest is where the
 * layers below had it. What is in such a one is all that the overlay shows there, wherever it lies,
 * and all of it is new: `below` is nothing.
 */
import type { UpperEntry } from '#parts/overlayfs/upper.ts';
import { OverlayError } from '../errors.ts';
import { sameMetadata } from './change.ts';
import { isWhiteout, lstatOf, markPrefix, readMarks, type MarkPrefix } from './marks.ts';
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
 * What is in the root of upper, in order of the names.
 *
 * @throws OverlayError OVERLAY_BAD_CONTENT for a file that `metacopy=on` has split.
 */
export function upperEntries({ upper, lower, userxattr }: OverlayLayers): Iterable<UpperEntry> {
  const prefix = markPrefix(userxattr);
  const below = MergedDirectory.root(lower, prefix);
  const merged = (): MergedDirectory => MergedDirectory.root([upper, ...lower], prefix);
  return readDirectory({ path: '', upper, below, merged, prefix });
}

/** A directory of upper. */
interface Place {
  readonly path: string;
  /** On the host. */
  readonly upper: string;
  /** What the layers below show here. */
  readonly below: MergedDirectory | undefined;
  /** What the whole overlay shows here; looked up only where a renamed directory needs it. */
  readonly merged: () => MergedDirectory | undefined;
  readonly prefix: MarkPrefix;
}

function* readDirectory(place: Place): Generator<UpperEntry> {
  const { upper, prefix } = place;
  const { attributeWhiteouts } = readMarks(upper, prefix);
  for (const name of listNames(upper)) {
    const source = `${upper}/${name}`;
    const stats = lstatOf(source);
    if (stats === undefined) continue;
    const below = place.below?.lookup(name);
    const own = { path: join(place.path, name), source, stats, below: kindOf(below) };
    if (isWhiteout(source, stats, prefix, attributeWhiteouts)) {
      yield { ...own, ...LEAF, kind: 'whiteout' };
    } else if (stats.isDirectory()) {
      const { opaque, redirect } = readMarks(source, prefix);
      const merged = (): MergedDirectory | undefined => place.merged()?.lookup(name)?.directory;
      const inside = { path: own.path, upper: source, merged, prefix };
      yield {
        ...own,
        kind: 'directory',
        opaque: opaque || redirect !== undefined,
        isSameAsBelow: () => below !== undefined && sameMetadata({ path: source, stats }, below),
        entries: () =>
          opaque || redirect === undefined
            ? readDirectory({ ...inside, below: opaque ? undefined : below?.directory })
            : readMoved(own.path, merged(), prefix),
      };
    } else {
      refuseSplit(own.path, source, prefix);
      yield { ...own, ...LEAF, kind: 'file' };
    }
  }
}

/** Everything in a directory that was renamed. */
function* readMoved(
  path: string,
  directory: MergedDirectory | undefined,
  prefix: MarkPrefix,
): Generator<UpperEntry> {
  for (const name of directory?.names() ?? []) {
    const entry = directory?.lookup(name);
    if (entry === undefined) continue;
    const { path: source, stats, directory: inner } = entry;
    const own = { path: join(path, name), source, stats, below: 'nothing' as const, ...LEAF };
    if (inner === undefined) {
      refuseSplit(own.path, source, prefix);
      yield { ...own, kind: 'file' };
    } else yield { ...own, kind: 'directory', entries: () => readMoved(own.path, inner, prefix) };
  }
}

/** What only directories have. */
const LEAF = { opaque: false, isSameAsBelow: () => false, entries: () => [] };

function join(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

function kindOf(below: MergedEntry | undefined): UpperEntry['below'] {
  if (below === undefined) return 'nothing';
  return below.directory === undefined ? 'file' : 'directory';
}

function refuseSplit(path: string, source: string, prefix: MarkPrefix): void {
  if (!readMarks(source, prefix).metacopy) return;
  throw new OverlayError(
    'OVERLAY_BAD_CONTENT',
    `${path} has only its attributes in upper, since it was mounted with metacopy=on: read the ` +
      'mounted overlay instead, or mount with metacopy=off before the file is changed',
    { path: source, option: 'metacopy' },
  );
}
