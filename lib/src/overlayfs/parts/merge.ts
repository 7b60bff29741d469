/** Exercise 03.5: what a name shows when several layers lie over each other. */

/** What one layer has under a name. */
export interface LayerEntry {
  /** `file` is everything that is neither of the others: a symlink, a device, … */
  readonly kind: 'whiteout' | 'directory' | 'file';
  /** Of a directory: no lower layer counts. */
  readonly opaque?: boolean;
  /** Of a directory that was renamed: where the layers below have the rest of it. */
  readonly redirect?: string;
}

// #region exercise-03-5
/**
 * What is visible under a name in a stack of layers: the entries that make it up, the topmost first.
 * The kernel's overlayfs.rst, "Overlay Objects" and on; fs/overlayfs/namei.c, ovl_lookup.
 *
 * - Layers are numbered from the topmost, which is 0. A layer that has nothing there says nothing.
 * - Of files only the topmost is visible, and nothing else with it.
 * - Directories are merged: each layer's is in the answer, from the topmost down to the first
 *   whiteout, file or opaque directory. A whiteout and a file are no part of it; the opaque directory
 *   is its last part.
 * - After a directory with a `redirect` the layers below it are asked for another name: an absolute
 *   redirect (`/a/b`) is the name; a relative one (`b`) replaces the last part of the name that was
 *   asked for, and the path before that part stays. Opaque weighs more than redirect.
 *
 * @param name a name in the directory, such as `etc`; or a path from the root of the stack, `/a/b`.
 * @param layers how many there are.
 * @param look what a layer has under a name, or `undefined`. Each call reads the disk, so a layer is
 *   asked at most once, and not at all when it cannot matter.
 * @returns none if nothing is visible.
 */
export function mergeName<Entry extends LayerEntry>(
  name: string,
  layers: number,
  look: (layer: number, name: string) => Entry | undefined,
): Entry[] {
  const visible: Entry[] = [];
  let wanted = name;
  for (let layer = 0; layer < layers; layer += 1) {
    const entry = look(layer, wanted);
    if (entry === undefined) continue;
    if (entry.kind === 'whiteout') break;
    if (entry.kind === 'file') return visible.length === 0 ? [entry] : visible;
    visible.push(entry);
    if (entry.opaque === true) break;
    if (entry.redirect !== undefined) wanted = redirected(wanted, entry.redirect);
  }
  return visible;
}

function redirected(wanted: string, redirect: string): string {
  if (redirect.startsWith('/')) return redirect;
  return wanted.slice(0, wanted.lastIndexOf('/') + 1) + redirect;
}
// #endregion exercise-03-5
