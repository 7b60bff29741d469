/** The root filesystem: bound onto itself, then made the root of the mount namespace. */
import { separates } from '../../namespaces/index.ts';
import type { RootfsPropagation } from '../../oci/index.ts';
import {
  AT_FDCWD,
  attachMount,
  cloneTree,
  MNT_DETACH,
  MOUNT_ATTR_RDONLY,
  MS_MOVE,
  MS_PRIVATE,
  MS_REC,
  MS_SHARED,
  MS_SLAVE,
  MS_UNBINDABLE,
  O_CLOEXEC,
  O_PATH,
  O_RDONLY,
  setMountAttributes,
  type Argument,
  type Result,
  type SyscallProgram,
} from '../../sys/index.ts';
import type { Context } from '../context.ts';

const PROPAGATION: Readonly<Record<RootfsPropagation, number>> = {
  private: MS_PRIVATE,
  shared: MS_SHARED,
  slave: MS_SLAVE,
  unbindable: MS_UNBINDABLE,
  rprivate: MS_REC | MS_PRIVATE,
  rshared: MS_REC | MS_SHARED,
  rslave: MS_REC | MS_SLAVE,
  runbindable: MS_REC | MS_UNBINDABLE,
};

/**
 * Cuts the mount namespace off from the host's, and makes the root filesystem a mount of its own,
 * which pivot_root(2) demands.
 *
 * @returns the descriptor of the root, below which all targets are resolved.
 */
export function appendRootfs(program: SyscallProgram, context: Context): Argument {
  const { config, rootfs } = context;
  if (!separates(context.namespaces, 'mount')) return openRoot(program, rootfs);
  const propagation = config.linux?.rootfsPropagation;
  program.from('/linux/rootfsPropagation', () => {
    // The host's mounts are seen, but nothing goes back, whatever the container's root asks for.
    const host = propagation === undefined ? MS_REC | MS_SLAVE : PROPAGATION[propagation];
    program.call('mount', [null, '/', null, hostPropagation(host), null]);
  });
  return program.from('/root/path', () => {
    const tree = cloneTree(program, rootfs, true);
    // A slave goes on to hear of the host's mounts; nothing else of them is to be heard.
    if (propagation === undefined || (PROPAGATION[propagation] & MS_SLAVE) === 0) {
      setMountAttributes(program, tree, { propagation: MS_PRIVATE }, false);
    }
    const place = openRoot(program, rootfs);
    attachMount(program, tree, place);
    program.call('close', [place]);
    return tree;
  });
}

/** A shared root needs a shared parent below which it is mounted; the rest must not leak out. */
function hostPropagation(asked: number): number {
  return (asked & (MS_SHARED | MS_UNBINDABLE)) === 0 ? asked | MS_REC : MS_REC | MS_SLAVE;
}

function openRoot(program: SyscallProgram, rootfs: string): Result {
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

/**
 * pivot_root(".", ".") puts the old root on top of the new one, at the same place; unmounting "."
 * then removes the old (pivot_root(2), NOTES). MS_SLAVE first, so that the unmount stays here.
 */
function appendPivotRoot(program: SyscallProgram, root: Argument): void {
  const old = program.call('openat', [AT_FDCWD, '/', O_PATH | O_CLOEXEC | O_RDONLY, 0]);
  program.call('fchdir', [root]);
  program.call('pivot_root', ['.', '.']);
  program.call('fchdir', [old]);
  program.call('mount', [null, '.', null, MS_SLAVE | MS_REC, null]);
  program.call('umount2', ['.', MNT_DETACH]);
  program.call('chdir', ['/']);
  program.call('close', [old]);
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
    program.call('mount', [null, '/', null, PROPAGATION[propagation], null]),
  );
}
