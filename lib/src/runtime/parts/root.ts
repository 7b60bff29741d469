/** Exercise 04.2: a root of the container's own, from which nothing leads back to the host's. */
import type { RootfsPropagation } from '../../oci/index.ts';
import {
  AT_FDCWD,
  attachMount,
  cloneTree,
  MNT_DETACH,
  MS_PRIVATE,
  MS_REC,
  MS_SHARED,
  MS_SLAVE,
  MS_UNBINDABLE,
  O_CLOEXEC,
  O_PATH,
  setMountAttributes,
  type Argument,
  type Result,
  type SyscallProgram,
} from '../../sys/index.ts';
import { ROOTFS_PROPAGATION } from '../program/propagation.ts';

// #region exercise-04-2
/**
 * What the mounts that a new mount namespace has copied from the host become: an MS_ type of
 * propagation, always with MS_REC (mount_namespaces(7), "SHARED SUBTREES"). Pure.
 *
 * Without `rootfsPropagation` they are slaves: the host's mounts go on to appear in them, and
 * nothing goes back. Private and slave are as asked for, for all mounts. Shared would let the
 * container's mounts out, and unbindable ones could not be cloned: for both it is slave.
 */
export function hostPropagation(asked: RootfsPropagation | undefined): number {
  if (asked === undefined) return MS_REC | MS_SLAVE;
  const type = ROOTFS_PROPAGATION[asked];
  return (type & (MS_SHARED | MS_UNBINDABLE)) === 0 ? type | MS_REC : MS_REC | MS_SLAVE;
}

/**
 * Appends what makes the directory `rootfs` a mount of its own, which pivot_root(2) demands:
 *
 *     cut off all mounts below "/"  →  clone the tree  →  make the clone private
 *     →  open the directory  →  attach the clone there  →  close the directory
 *
 * The first is mount(2) with {@link hostPropagation}; before it, a mount made here would appear on
 * the host. The clone takes what is mounted below `rootfs` along. Only its own mount is made
 * private, and not at all where `slave` or `rslave` was asked for: such a root is to hear of the
 * host's mounts. The directory is opened with O_PATH and O_CLOEXEC.
 *
 * The origin of the first call is `/linux/rootfsPropagation`, of the others `/root/path`.
 *
 * @param rootfs an absolute path on the host.
 * @returns the descriptor of the clone, which stays open: all targets are resolved below it.
 */
export function appendRootMount(
  program: SyscallProgram,
  rootfs: string,
  propagation: RootfsPropagation | undefined,
): Result {
  program.from('/linux/rootfsPropagation', () =>
    program.call('mount', [null, '/', null, hostPropagation(propagation), null]),
  );
  return program.from('/root/path', () => {
    const tree = cloneTree(program, rootfs, true);
    if (propagation !== 'slave' && propagation !== 'rslave') {
      setMountAttributes(program, tree, { propagation: MS_PRIVATE }, false);
    }
    const place = program.call('openat', [AT_FDCWD, rootfs, O_PATH | O_CLOEXEC, 0]);
    attachMount(program, tree, place);
    program.call('close', [place]);
    return tree;
  });
}

/**
 * Appends what makes the mount `root` (a descriptor) the root, and lets go of the host's:
 *
 *     open the old root  →  into the new one  →  pivot_root(".", ".")  →  back into the old one
 *     →  make it a slave, with all below  →  unmount "."  →  into "/"  →  close the old root
 *
 * With `.` twice, the old root ends up on top of the new one, at the same place, and no directory for
 * it is needed (pivot_root(2), NOTES). A shared mount would be unmounted on the host as well: hence
 * the slave. Programs still use the old root, so the unmount is lazy (MNT_DETACH); it is opened with
 * O_PATH and O_CLOEXEC. Unmounting leaves the working directory in what is gone.
 */
export function appendPivotRoot(program: SyscallProgram, root: Argument): void {
  const old = program.call('openat', [AT_FDCWD, '/', O_PATH | O_CLOEXEC, 0]);
  program.call('fchdir', [root]);
  program.call('pivot_root', ['.', '.']);
  program.call('fchdir', [old]);
  program.call('mount', [null, '.', null, MS_SLAVE | MS_REC, null]);
  program.call('umount2', ['.', MNT_DETACH]);
  program.call('chdir', ['/']);
  program.call('close', [old]);
}
// #endregion exercise-04-2
