/**
 * What an overlay's upper directory changes, read without mounting anything.
 *
 * The upper directory is the list of changes already; three things need the lower layers: whether a
 * name is new or replaces something, whether a whiteout hides anything, and what a renamed
 * directory (`redirect_dir`) has brought along. That one is told as the deletion of the old name,
 * which upper's whiteout says, and the addition of everything under the new one.
 */
import { upperChanges } from '#parts/overlayfs/upper.ts';
import { HardLinks, type Change } from './change.ts';
import { upperEntries, type OverlayLayers } from './upper.ts';

/**
 * The changes, parents before children and names in order; those of a directory follow it at once.
 *
 * The overlay should not be mounted meanwhile, or at least not written to.
 *
 * @throws OverlayError OVERLAY_BAD_CONTENT for a file that `metacopy=on` has split.
 */
export function* overlayChanges(layers: OverlayLayers): Generator<Change> {
  yield* upperChanges(upperEntries(layers), new HardLinks());
}
