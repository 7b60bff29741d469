/** Exercise 05.3: where a file of a layer may go. */
import { encodePath } from '../../overlayfs/index.ts';
import { ImageError } from '../errors.ts';
import type { EntryType } from '../tar/entry.ts';

// #region exercise-05-3
/**
 * The names on the way to a file of an archive, from the root of the image. Pure.
 *
 * `./etc//hosts`, `/etc/hosts` and `etc/hosts/` are all `['etc', 'hosts']`; the root itself, `./` or
 * `/`, is `[]`. An absolute path is one inside of the image, as GNU tar and Docker read it.
 *
 * Archives come from strangers. Refused is
 *
 * - `..` as a name, wherever it stands, for it has no use but to leave the image; `...` and `..x` are
 *   ordinary names;
 * - a path with a NUL, where the kernel would cut it off;
 * - a name of more than 255 bytes and a path of more than 4095 (limits.h), which no kernel takes. The
 *   path is measured as it is written, with all its slashes and dots.
 *
 * Bytes are not characters: `é` is two bytes, and a byte that is no UTF-8 stands in a path as one
 * character of its own. `encodePath(text)` is what the kernel is handed: the text itself, or a
 * Buffer where it is not UTF-8. `Buffer.byteLength(encodePath(text))` counts either.
 *
 * @throws ImageError BAD_ARCHIVE.
 */
export function splitEntryPath(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  const reason = refusal(path, names);
  if (reason === undefined) return names;
  const shown = JSON.stringify(path.length > 100 ? `${path.slice(0, 100)}…` : path);
  throw new ImageError('BAD_ARCHIVE', `the layer has a file at ${shown}, ${reason}: do not use it`);
}

function refusal(path: string, names: readonly string[]): string | undefined {
  if (names.includes('..')) return 'which leads out of the image';
  if (path.includes('\0')) return 'a name with a NUL byte';
  const tooLong = names.some((name) => Buffer.byteLength(encodePath(name)) > 255);
  return tooLong || Buffer.byteLength(encodePath(path)) > 4095
    ? 'longer than a path can be'
    : undefined;
}

/**
 * What to do where an entry is to go. Pure. OCI image-spec, layer.md, "Applying Changesets".
 *
 * A directory that is there already keeps what is in it, and only gets the entry's attributes.
 * Everything else takes the place of what is there, a directory with all that is in it.
 *
 * @param there what is at that path now; a symlink is not followed. `undefined`: nothing.
 * @returns `create` where nothing is, `keep` the directory, or `replace`.
 */
export function placeEntry(
  type: EntryType,
  there: EntryType | undefined,
): 'create' | 'keep' | 'replace' {
  if (there === undefined) return 'create';
  return type === 'directory' && there === 'directory' ? 'keep' : 'replace';
}
// #endregion exercise-05-3
