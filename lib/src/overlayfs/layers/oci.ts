/**
 * Whiteouts as an OCI layer writes them (image-spec layer.md, "Whiteouts"): files of special names,
 * since a tar archive has no way to say "deleted".
 */
import path from 'node:path';
import { OverlayError } from '../errors.ts';
import type { Change } from './change.ts';

/** `.wh.NAME` deletes NAME of the layers below. */
export const WHITEOUT_PREFIX = '.wh.';
/** In a directory: hides all that the layers below have in it. */
export const OPAQUE_WHITEOUT = '.wh..wh..opq';

/** What the last part of a layer entry's path means. */
export type OciName =
  | { readonly kind: 'file' }
  | { readonly kind: 'whiteout'; readonly name: string }
  | { readonly kind: 'opaque' }
  /** `.wh..wh.…`: left over by AUFS (`.wh..wh.plnk`), without a meaning for anybody else. */
  | { readonly kind: 'ignored' };

/**
 * Reads the name of a layer's entry.
 *
 * @throws OverlayError OVERLAY_BAD_CONTENT for a whiteout that would delete the directory it is in,
 *   the one above, or something without a name.
 */
export function readOciName(name: string): OciName {
  if (name === OPAQUE_WHITEOUT) return { kind: 'opaque' };
  if (!name.startsWith(WHITEOUT_PREFIX)) return { kind: 'file' };
  const hidden = name.slice(WHITEOUT_PREFIX.length);
  if (hidden.startsWith(WHITEOUT_PREFIX)) return { kind: 'ignored' };
  if (!['', '.', '..'].includes(hidden) && !hidden.includes('/')) {
    return { kind: 'whiteout', name: hidden };
  }
  throw new OverlayError(
    'OVERLAY_BAD_CONTENT',
    `the layer has a whiteout named ${JSON.stringify(name)}, which names nothing that can be ` +
      'deleted: the layer is damaged or hostile, do not use it',
  );
}

/** One entry of a layer's archive. */
export type OciEntry =
  /** An empty file of this name: a whiteout. */
  | { readonly kind: 'whiteout'; readonly path: string }
  /** The file or directory itself, from `change.source`, or a link to `change.linkTo`. */
  | { readonly kind: 'content'; readonly path: string; readonly change: Change };

/**
 * The entries that say the same as the changes, in the same order. The mark of an opaque directory
 * comes right after it, before what is in it, so that an unpacker that works in order is right too.
 *
 * @throws OverlayError OVERLAY_BAD_CONTENT for a file whose own name starts with `.wh.`: a layer
 *   cannot contain it.
 */
export function* ociEntries(changes: Iterable<Change>): Generator<OciEntry> {
  for (const change of changes) {
    if (path.posix.basename(change.path).startsWith(WHITEOUT_PREFIX)) {
      throw new OverlayError(
        'OVERLAY_BAD_CONTENT',
        `${change.path} cannot be in an OCI layer, where names with .wh. are whiteouts: rename it`,
        { path: change.path },
      );
    }
    if (change.kind === 'delete') yield { kind: 'whiteout', path: whiteoutOf(change.path) };
    else {
      yield { kind: 'content', path: change.path, change };
      if (change.opaque === true) {
        yield { kind: 'whiteout', path: `${change.path}/${OPAQUE_WHITEOUT}` };
      }
    }
  }
}

function whiteoutOf(deleted: string): string {
  const slash = deleted.lastIndexOf('/') + 1;
  return `${deleted.slice(0, slash)}${WHITEOUT_PREFIX}${deleted.slice(slash)}`;
}
