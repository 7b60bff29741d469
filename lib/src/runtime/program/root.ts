/** The root filesystem: bound onto itself, then made the root of the mount namespace. */
import { appendPivotRoot, appendRootMount } from '#parts/runtime/root.ts';
import { separates } from '../../namespaces/index.ts';
import type { RootfsPropagation } from '../../oci/index.ts';
import {
  AT_FDCWD,
  MNT_DETACH,
  MOUNT_ATTR_RDONLY,
  MS_MOVE,
  O_CLOEXEC,
  O_PATH,
  setMountAttributes,
  type Argument,
  type SyscallProgram,
} from '../../sys/index.ts';
import type { Context } from '../context.ts';
import { ROOTFS_PROPAGATION } from './propagation.ts';

/**
 * Cuts the mount namespace off from the host's, and makes the root filesystem a mount of its own;
 * without a mount namespace of its own it is just a directory.
 *
 * @returns the descriptor of the root, below which all targets are resolved.
 */
export function appendRootfs(program: SyscallProgram, context: Context): Argument {
  const { config, rootfs, namespaces } = context;
  if (separates(namespaces, 'mount')) {
    return appendRootMount(program, rootfs, config.linux?.rootfsPropagation);
  }
  return program.call('openat', [AT_FDCWD, rootfs, O_PATH | O_CLOEXEC, 0], {
    source: '/root/path',
  });
}

/** `root.readonly`: of the root's own mount, not of those below it. */
export function appendReadonlyRoot(
  program: SyscallProgram,
  context: Context,
  root: Argument,
): void {
  if (context.config.root.readonly !== true) return;
  program.from('/root/readonly', () =>
    setMountAttributes(program, root, { set: MOUNT_ATTR_RDONLY }, false),
  );
}

/** Makes the root filesystem `/`, and lets go of the host's. */
export function appendChangeRoot(program: SyscallProgram, context: Context, root: Argument): void {
  program.from('/root/path', () => {
    if (!separates(context.namespaces, 'mount')) appendChroot(program, root);
    else if (context.noPivot) appendMoveRoot(program, context, root);
    else appendPivotRoot(program, root);
  });
  appendPropagationOfRoot(program, context.config.linux?.rootfsPropagation);
}

/** Where the host's root is an initramfs, pivot_root(2) is refused: move the mount over `/`. */
function appendMoveRoot(program: SyscallProgram, context: Context, root: Argument): void {
  program.call('fchdir', [root]);
  // Without pivot_root the host's procfs and sysfs would stay reachable below the moved mount.
  for (const path of ['/proc', '/sys']) {
    program.call('umount2', [path, MNT_DETACH], { tolerate: 'any' });
  }
  program.call('mount', [context.rootfs, '/', null, MS_MOVE, null]);
  appendChroot(program, root);
}

function appendChroot(program: SyscallProgram, root: Argument): void {
  program.call('fchdir', [root]);
  program.call('chroot', ['.']);
  program.call('chdir', ['/']);
}

/** Only what was asked for; the root is private otherwise. */
function appendPropagationOfRoot(
  program: SyscallProgram,
  propagation: RootfsPropagation | undefined,
): void {
  if (propagation === undefined) return;
  program.from('/linux/rootfsPropagation', () =>
    program.call('mount', [null, '/', null, ROOTFS_PROPAGATION[propagation], null]),
  );
}
