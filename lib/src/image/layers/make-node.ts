/** Makes what has no data: directories, symlinks, FIFOs and devices. Attributes come afterwards. */
import { encodePath, type LayerForm } from '../../overlayfs/index.ts';
import {
  hasCode,
  makedev,
  makeNodeAt,
  mkdirat,
  S_IFBLK,
  S_IFCHR,
  S_IFIFO,
  symlinkat,
} from '../../sys/index.ts';
import { ImageError } from '../errors.ts';
import type { TarEntry } from '../tar/entry.ts';
import type { OpenDirectory } from './directories.ts';

/**
 * @throws SyscallError EEXIST if something is there; ImageError for a device that must not be made
 *   or cannot.
 */
export function makeNode(
  { fd }: OpenDirectory,
  name: string,
  entry: TarEntry,
  form: LayerForm,
): void {
  const encoded = encodePath(name);
  switch (entry.type) {
    case 'directory':
      mkdirat(fd, encoded, 0o700);
      break;
    case 'symlink':
      symlinkat(encodePath(entry.linkName), fd, encoded);
      break;
    case 'fifo':
      makeNodeAt(fd, encoded, S_IFIFO | 0o600, 0);
      break;
    case 'char':
    case 'block':
      makeDevice(fd, encoded, entry, form);
      break;
    case 'file':
    case 'link':
      throw new TypeError(`${entry.name} is not made this way`);
  }
}

function makeDevice(
  fd: number,
  name: string | Buffer,
  { name: path, type, major, minor }: TarEntry,
  { form }: LayerForm,
): void {
  if (form === 'overlay' && major === 0 && minor === 0) {
    const message = `${path} is a device 0:0, which overlayfs takes for a deleted file`;
    throw new ImageError('BAD_ARCHIVE', `${message}: make the layer with .wh. files instead`);
  }
  try {
    const mode = (type === 'char' ? S_IFCHR : S_IFBLK) | 0o600;
    makeNodeAt(fd, name, mode, makedev(major, minor));
  } catch (error) {
    if (!hasCode(error, 'EPERM')) throw error;
    const message = `${path} is a device, which only root can make: unpack as root`;
    throw new ImageError('FAILED_PRECONDITION', message, { cause: error });
  }
}
