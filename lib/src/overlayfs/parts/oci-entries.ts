/** Exercise 03.4: from the list of changes to the entries of an image layer. */
import { whiteoutPath } from '#parts/overlayfs/oci-names.ts';
import { OverlayError } from '../errors.ts';
import type { Change } from '../layers/change.ts';
import { OPAQUE_WHITEOUT, WHITEOUT_PREFIX, type OciEntry } from '../layers/oci.ts';

// #region exercise-03-4
/**
 * The entries of a layer's archive that say the same as the changes. Pure. OCI image-spec, layer.md,
 * "Whiteouts".
 *
 * - `delete` is one entry of kind `whiteout`: {@link whiteoutPath}.
 * - `add` and `modify` are one entry of kind `content` with the change itself, as it is.
 * - A directory with `opaque: true` is two entries: its content, and right after that the whiteout
 *   OPAQUE_WHITEOUT in it. So it comes before what is in the directory, and an unpacker that works
 *   in order does not delete the new files.
 *
 * The entries keep the order of the changes. They are made one by one, as the changes come: a layer
 * may have a million of them, and whoever reads the entries may stop.
 *
 * @throws OverlayError OVERLAY_BAD_CONTENT for a change of any kind whose own name (the last part of
 *   its path) starts with WHITEOUT_PREFIX: a layer cannot have such a file.
 */
export function* ociEntries(changes: Iterable<Change>): Generator<OciEntry> {
  for (const change of changes) {
    refuseWhiteoutName(change.path);
    if (change.kind === 'delete') {
      yield { kind: 'whiteout', path: whiteoutPath(change.path) };
      continue;
    }
    yield { kind: 'content', path: change.path, change };
    if (change.opaque === true) {
      yield { kind: 'whiteout', path: `${change.path}/${OPAQUE_WHITEOUT}` };
    }
  }
}

function refuseWhiteoutName(path: string): void {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!name.startsWith(WHITEOUT_PREFIX)) return;
  throw new OverlayError(
    'OVERLAY_BAD_CONTENT',
    `${path} cannot be in an OCI layer, where names with .wh. are whiteouts: rename it`,
    { path },
  );
}
// #endregion exercise-03-4
