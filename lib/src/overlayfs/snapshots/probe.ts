/**
 * Whether overlayfs works in a directory: found out by doing what a container does.
 *
 * No list of kernels and filesystems is as right as one mount. A mount alone is not proof either:
 * on a filesystem without extended attributes it succeeds, and fails at the first directory that
 * must be opaque.
 */
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../base/index.ts';
import { OverlayError } from '../errors.ts';
import { markPrefix, readMarks } from '../layers/marks.ts';
import { mountOverlay } from '../mount/mount.ts';
import { unmount } from '../mount/unmount.ts';
import { planOverlay } from '../plan/plan.ts';
import { removeTree } from './trees.ts';

/** What {@link probeOverlay} found. */
export type OverlaySupport =
  | { readonly works: true; readonly userxattr: boolean }
  | { readonly works: false; readonly reason: OverlayError };

/** Tries an overlay below an existing directory: first with `trusted.` marks, then with `user.`. */
export async function probeOverlay(directory: string): Promise<OverlaySupport> {
  const first = await tryOverlay(directory, false);
  if (first === undefined) return { works: true, userxattr: false };
  const second = await tryOverlay(directory, true);
  return second === undefined ? { works: true, userxattr: true } : { works: false, reason: first };
}

async function tryOverlay(
  directory: string,
  userxattr: boolean,
): Promise<OverlayError | undefined> {
  const place = mkdtempSync(path.join(directory, 'probe-'));
  try {
    actOnOverlay(place, userxattr);
    return undefined;
  } catch (error) {
    if (error instanceof OverlayError) return error;
    return new OverlayError(
      'OVERLAY_UPPER_REFUSED',
      `an overlay in ${directory} mounts but does not work: ${messageOf(error)}`,
      { path: directory, cause: error },
    );
  } finally {
    await removeTree(place);
  }
}

/** Deletes a directory of the lower layer and makes it anew: a whiteout, then an opaque directory. */
function actOnOverlay(place: string, userxattr: boolean): void {
  const at = (name: string): string => path.join(place, name);
  for (const name of ['lower', 'lower/deleted', 'upper', 'work', 'merged']) mkdirSync(at(name));
  const layers = { lower: [at('lower')], upper: at('upper'), work: at('work') };
  mountOverlay(planOverlay({ ...layers, userxattr }), at('merged'));
  try {
    rmdirSync(at('merged/deleted'));
    mkdirSync(at('merged/deleted'));
    writeFileSync(at('merged/file'), '');
  } finally {
    unmount(at('merged'), { lazy: true });
  }
  if (
    !existsSync(at('upper/file')) ||
    !readMarks(at('upper/deleted'), markPrefix(userxattr)).opaque
  ) {
    throw new Error('changes do not arrive in the upper directory as they should');
  }
}
