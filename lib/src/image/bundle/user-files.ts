/** The image's list of users and groups. They are a stranger's files in a stranger's tree. */
import { fstatSync, readSync } from 'node:fs';
import {
  AT_FDCWD,
  hasCode,
  O_NONBLOCK,
  O_PATH,
  O_RDONLY,
  openat2,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_MAGICLINKS,
} from '../../sys/index.ts';
import { ImageError } from '../errors.ts';

/** Bytes; 4 million users would fit. */
const LARGEST = 16 << 20;

/** Texts of the two files; an image may lack them. */
export function readUserFiles(rootfs: string): { passwd: string; group: string } {
  using root = openat2(AT_FDCWD, rootfs, O_PATH, 0);
  return { passwd: readIn(root.fd, 'etc/passwd'), group: readIn(root.fd, 'etc/group') };
}

/** Symlinks lead within the image; a FIFO is not waited for, nor a device read. */
function readIn(root: number, path: string): string {
  try {
    const flags = O_RDONLY | O_NONBLOCK;
    using file = openat2(root, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    const stats = fstatSync(file.fd);
    if (!stats.isFile()) throw refused(path, 'is no regular file');
    if (stats.size > LARGEST) throw refused(path, `has ${stats.size} bytes, more than ${LARGEST}`);
    return readAll(file.fd, stats.size);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return '';
    if (hasCode(error, 'ELOOP', 'EACCES', 'ENXIO')) throw refused(path, 'cannot be read', error);
    throw error;
  }
}

function readAll(fd: number, size: number): string {
  const bytes = Buffer.alloc(size);
  let at = 0;
  for (let read = -1; read !== 0 && at < size; at += read)
    read = readSync(fd, bytes, at, size - at, at);
  return bytes.toString('utf8', 0, at);
}

function refused(path: string, what: string, cause?: unknown): ImageError {
  const message = `/${path} of the image ${what}: its users cannot be looked up, do not use it`;
  return new ImageError('INVALID_ARGUMENT', message, { cause });
}
