/** Exercise 03.3: how the name of a file in an OCI layer says "deleted". */
import { OverlayError } from '../errors.ts';
import { OPAQUE_WHITEOUT, WHITEOUT_PREFIX, type OciName } from '../layers/oci.ts';

// #region exercise-03-3
/**
 * What the name of a layer's entry means: the last part of its path. Pure. OCI image-spec, layer.md,
 * "Whiteouts".
 *
 * | name                        | meaning                                          |
 * |-----------------------------|--------------------------------------------------|
 * | `.wh..wh..opq`              | `opaque`: the directory hides what is below it   |
 * | `.wh..wh.` and anything else| `ignored`: left over by AUFS                     |
 * | `.wh.NAME`                  | `whiteout` of NAME                               |
 * | any other                   | `file`                                           |
 *
 * Layers come from strangers, and what a whiteout names is going to be deleted. So NAME must be the
 * name of something in this directory: empty, `.`, `..` or with a slash it is refused.
 *
 * @throws OverlayError OVERLAY_BAD_CONTENT for such a whiteout.
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

/**
 * The path of the whiteout that deletes `path`: in the same directory, with the prefix before the
 * name. Pure. Of `etc/motd` it is `etc/.wh.motd`. Paths are relative to the layer's root.
 */
export function whiteoutPath(path: string): string {
  const slash = path.lastIndexOf('/') + 1;
  return `${path.slice(0, slash)}${WHITEOUT_PREFIX}${path.slice(slash)}`;
}
// #endregion exercise-03-3
