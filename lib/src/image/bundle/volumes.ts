/** The places of an image whose data is not to be written into its root (conversion.md, "Config.Volumes"). */
import path from 'node:path';
import type { ImageProcess, Mount } from '../../oci/index.ts';
import { ImageError } from '../errors.ts';

/**
 * A tmpfs for each volume, which begins with what the image has there (`tmpcopyup`, an extension of
 * runc's) and ends with the container. A place that has a mount already keeps that one.
 *
 * @throws ImageError INVALID_ARGUMENT for a volume at the root.
 */
export function volumeMounts(config: ImageProcess, mounts: readonly Mount[]): Mount[] {
  const taken = new Set(mounts.map(({ destination }) => destination));
  const places = Object.keys(config.Volumes ?? {}).map((each) => path.posix.resolve('/', each));
  const options = ['nosuid', 'nodev', 'tmpcopyup'];
  return [...new Set(places)]
    .filter((destination) => !taken.has(destination))
    .toSorted()
    .map((destination) => {
      if (destination !== '/') return { destination, type: 'tmpfs', source: 'tmpfs', options };
      throw new ImageError('INVALID_ARGUMENT', 'the image has a volume at "/", its root');
    });
}
