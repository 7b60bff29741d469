/**
 * Whiteouts as an OCI layer writes them (image-spec layer.md, "Whiteouts"): files of special names,
 * since a tar archive has no way to say "deleted".
 */
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

/** One entry of a layer's archive. */
export type OciEntry =
  /** An empty file of this name: a whiteout. */
  | { readonly kind: 'whiteout'; readonly path: string }
  /** The file or directory itself, from `change.source`, or a link to `change.linkTo`. */
  | { readonly kind: 'content'; readonly path: string; readonly change: Change };
