/**
 * How an overlay's layer says what is not there
 * (Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories").
 *
 * | meaning                        | form                                                           |
 * |--------------------------------|----------------------------------------------------------------|
 * | this name is deleted           | a character device 0:0                                         |
 * | the same, as an attribute      | an empty file with `overlay.whiteout`, in a directory with     |
 * |                                | `overlay.opaque=x`                                             |
 * | nothing below shows through    | a directory with `overlay.opaque=y`                            |
 * | the rest is in another place   | a directory with `overlay.redirect=name` or `=/path`           |
 * | the data is in another layer   | a file with `overlay.metacopy`                                 |
 *
 * The attributes are in the namespace `trusted.`, or `user.` with the option `userxattr`.
 */
import { chmodSync, lstatSync, rmSync, type BigIntStats } from 'node:fs';
import { lgetxattr, llistxattr, lsetxattr, mknodat, S_IFCHR, S_IFMT } from '../../sys/index.ts';
import { OverlayError } from '../errors.ts';
import { decodeName, encodePath } from './names.ts';

/** Where the marks are kept. */
export type MarkPrefix = 'trusted.overlay.' | 'user.overlay.';

/** The prefix that goes with the mount option `userxattr`. */
export function markPrefix(userxattr = false): MarkPrefix {
  return userxattr ? 'user.overlay.' : 'trusted.overlay.';
}

/** The marks on a directory, or on a file. */
export interface Marks {
  readonly opaque: boolean;
  /** Empty files in this directory may be whiteouts. */
  readonly attributeWhiteouts: boolean;
  readonly redirect?: string;
  readonly metacopy: boolean;
}

const NO_MARKS: Marks = { opaque: false, attributeWhiteouts: false, metacopy: false };

/** Reads all marks of one file or directory. */
export function readMarks(path: string, prefix: MarkPrefix): Marks {
  const at = encodePath(path);
  const names = llistxattr(at).filter((name) => name.startsWith(prefix));
  if (names.length === 0) return NO_MARKS;
  const opaque = names.includes(`${prefix}opaque`)
    ? lgetxattr(at, `${prefix}opaque`)?.toString()
    : undefined;
  const redirect = names.includes(`${prefix}redirect`)
    ? lgetxattr(at, `${prefix}redirect`)
    : undefined;
  return {
    opaque: opaque === 'y',
    attributeWhiteouts: opaque === 'x',
    metacopy: names.includes(`${prefix}metacopy`),
    ...(redirect !== undefined && { redirect: checkRedirect(path, decodeName(redirect)) }),
  };
}

/** One name, or an absolute path; nothing that could lead out of the layer. */
function checkRedirect(path: string, redirect: string): string {
  const names = redirect.startsWith('/') ? redirect.slice(1).split('/') : [redirect];
  if (names.every((name) => !['', '.', '..'].includes(name) && !name.includes('/')))
    return redirect;
  throw new OverlayError(
    'OVERLAY_BAD_CONTENT',
    `${path} is marked as renamed from ${JSON.stringify(redirect)}, which is no path in a layer: ` +
      'the layer is damaged or hostile, unpack it anew',
    { path },
  );
}

/** What lstat(2) tells, or `undefined` where nothing is. */
export function lstatOf(path: string): BigIntStats | undefined {
  return lstatSync(encodePath(path), { bigint: true, throwIfNoEntry: false });
}

/**
 * Whether a layer's entry says "deleted".
 *
 * @param attributeWhiteouts whether its directory is marked as holding the attribute form.
 */
export function isWhiteout(
  path: string,
  stats: BigIntStats,
  prefix: MarkPrefix,
  attributeWhiteouts: boolean,
): boolean {
  if ((Number(stats.mode) & S_IFMT) === S_IFCHR) return stats.rdev === 0n;
  if (!attributeWhiteouts || !stats.isFile() || stats.size !== 0n) return false;
  return lgetxattr(encodePath(path), `${prefix}whiteout`) !== undefined;
}

/** Makes a whiteout in place of whatever is there (mknod(2) of 0:0, allowed in user namespaces). */
export function makeWhiteout(path: string): void {
  rmSync(encodePath(path), { recursive: true, force: true });
  mknodat(encodePath(path), S_IFCHR, 0);
  chmodSync(encodePath(path), 0);
}

/** Hides what lower layers have in this directory. */
export function makeOpaque(directory: string, prefix: MarkPrefix): void {
  lsetxattr(encodePath(directory), `${prefix}opaque`, 'y');
}
