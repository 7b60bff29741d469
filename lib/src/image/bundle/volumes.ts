/** The places of an image whose data is not to be written into its root (conversion.md, "Config.Volumes"). */
import { fstatSync } from 'node:fs';
import path from 'node:path';
import type { ImageProcess, Mount } from '../../oci/index.ts';
import {
  AT_FDCWD,
  hasCode,
  O_PATH,
  openat2,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_MAGICLINKS,
} from '../../sys/index.ts';
import { ImageError } from '../errors.ts';

/**
 * A tmpfs for each volume, which begins with what the image has there (`tmpcopyup`, an extension of
 * runc's) and ends with the container. A place that has a mount already keeps that one.
 *
 * @param rootfs the image, unpacked: a volume belongs to whom its directory there belongs.
 * @throws ImageError INVALID_ARGUMENT for a volume at the root.
 */
export function volumeMounts(
  config: ImageProcess,
  mounts: readonly Mount[],
  rootfs: string,
): Mount[] {
  const taken = new Set(mounts.map(({ destination }) => destination));
  const places = Object.keys(config.Volumes ?? {}).map((each) => path.posix.resolve('/', each));
  return [...new Set(places)]
    .filter((destination) => !taken.has(destination))
    .toSorted()
    .map((destination) => {
      if (destination === '/') {
        throw new ImageError('INVALID_ARGUMENT', 'the image has a volume at "/", its root');
      }
      const options = ['nosuid', 'nodev', 'tmpcopyup', ...attributes(rootfs, destination)];
      return { destination, type: 'tmpfs', source: 'tmpfs', options };
    });
}

/** `tmpcopyup` copies what is in a directory, and not whose it is. */
function attributes(rootfs: string, place: string): string[] {
  using root = openat2(AT_FDCWD, rootfs, O_PATH, 0);
  try {
    using found = openat2(root.fd, place, O_PATH, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    const { mode, uid, gid } = fstatSync(found.fd);
    return [`mode=${(mode & 0o7777).toString(8)}`, `uid=${uid}`, `gid=${gid}`];
  } catch (error) {
    // The runtime makes it, or says why it cannot.
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return ['mode=755'];
    throw error;
  }
}
