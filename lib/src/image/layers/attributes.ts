/** Owner, mode, extended attributes and times of what was unpacked, in the order that keeps them. */
import { fchmodSync, fchownSync } from 'node:fs';
import { encodePath } from '../../overlayfs/index.ts';
import { fchmodat, futimens, hasCode, lchownat, lsetxattr, lutimensat } from '../../sys/index.ts';
import { ImageError } from '../errors.ts';
import type { TarEntry } from '../tar/entry.ts';
import { pathAt, type OpenDirectory } from './directories.ts';

/** What a directory gets once everything in it is there. */
export interface Attributes {
  readonly mode: number;
  /** Nanoseconds since 1970. */
  readonly atime: bigint;
  readonly mtime: bigint;
}

/**
 * Attributes that are the overlay's own words: a layer that brings them would have the kernel look
 * in other places for its files. Docker, containerd and umoci leave them out too.
 */
const NOT_FROM_IMAGES = /^(?:trusted|user)\.overlay\./;

/** chown clears setuid bits and file capabilities, so it comes first; writing changes times. */
export function finishFile(
  fd: number,
  directory: OpenDirectory,
  name: string,
  entry: TarEntry,
): void {
  fchownSync(fd, entry.uid, entry.gid);
  fchmodSync(fd, entry.mode);
  setXattrs(directory, name, entry);
  futimens(fd, entry.atime ?? entry.mtime, entry.mtime);
}

/** The same for what is not a regular file; a symlink has no mode, a directory gets it later. */
export function finishNode(directory: OpenDirectory, name: string, entry: TarEntry): void {
  const encoded = encodePath(name);
  lchownat(directory.fd, encoded, entry.uid, entry.gid);
  if (entry.type !== 'symlink' && entry.type !== 'directory') {
    fchmodat(directory.fd, encoded, entry.mode);
  }
  setXattrs(directory, name, entry);
  if (entry.type === 'directory') return;
  lutimensat(directory.fd, encoded, entry.atime ?? entry.mtime, entry.mtime);
}

/** Mode and times of a directory, after the last change of what is in it. */
export function finishDirectory(fd: number, { mode, atime, mtime }: Attributes): void {
  fchmodSync(fd, mode);
  futimens(fd, atime, mtime);
}

function setXattrs(directory: OpenDirectory, name: string, entry: TarEntry): void {
  for (const [attribute, value] of entry.xattrs) {
    if (NOT_FROM_IMAGES.test(attribute)) continue;
    try {
      lsetxattr(pathAt(directory, name), attribute, value);
    } catch (error) {
      if (hasCode(error, 'ENOTSUP') && !attribute.startsWith('security.')) continue;
      throw new ImageError(
        'FAILED_PRECONDITION',
        `${entry.name}: its attribute ${attribute} cannot be set here; ` +
          'unpack it as root, on a filesystem with extended attributes such as ext4 or xfs',
        { cause: error },
      );
    }
  }
}
