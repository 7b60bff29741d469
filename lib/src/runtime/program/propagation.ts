/** `linux.rootfsPropagation` as flags of mount(2) (config-linux.md, "Rootfs Mount Propagation"). */
import type { RootfsPropagation } from '../../oci/index.ts';
import { MS_PRIVATE, MS_REC, MS_SHARED, MS_SLAVE, MS_UNBINDABLE } from '../../sys/index.ts';

/** The type, with MS_REC where it is for all mounts below as well. */
export const ROOTFS_PROPAGATION: Readonly<Record<RootfsPropagation, number>> = {
  private: MS_PRIVATE,
  shared: MS_SHARED,
  slave: MS_SLAVE,
  unbindable: MS_UNBINDABLE,
  rprivate: MS_REC | MS_PRIVATE,
  rshared: MS_REC | MS_SHARED,
  rslave: MS_REC | MS_SLAVE,
  runbindable: MS_REC | MS_UNBINDABLE,
};
