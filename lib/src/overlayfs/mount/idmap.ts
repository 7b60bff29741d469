/**
 * Layers seen through a user namespace's mapping (mount_setattr(2), MOUNT_ATTR_IDMAP).
 *
 * overlayfs itself cannot be idmapped; its layers can (Linux 5.19). Each becomes a detached copy of
 * its mount with the mapping: a file that is 0:0 on disk belongs to the namespace's root there.
 */
import {
  type Descriptor,
  hasCode,
  MOUNT_ATTR_IDMAP,
  mountSetattr,
  openTree,
} from '../../sys/index.ts';
import { OverlayError } from '../errors.ts';

/**
 * A detached, idmapped copy of the mount at a path.
 *
 * @throws OverlayError OVERLAY_BAD_LAYER if the filesystem cannot be idmapped.
 */
export function openIdmapped(directory: string, usernsFd: number): Descriptor {
  const tree = openTree(directory, { recursive: false });
  try {
    mountSetattr(tree.fd, { set: MOUNT_ATTR_IDMAP, usernsFd });
    return tree;
  } catch (error) {
    tree.close();
    if (!hasCode(error, 'EINVAL', 'EPERM')) throw error;
    throw new OverlayError(
      'OVERLAY_BAD_LAYER',
      `${directory} cannot be idmapped: its filesystem must support that (ext4, xfs, btrfs, tmpfs ` +
        'do, overlay does not), the mount must not be idmapped already, and the mapping must be ' +
        "that of a user namespace other than the filesystem's",
      { path: directory, option: 'lowerdir', cause: error },
    );
  }
}
