/** Exercise 04.3: what `/proc` and `/sys` would show or let a container change. */
import { posix } from 'node:path';
import {
  attachMount,
  cloneTree,
  createMount,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_RDONLY,
  O_PATH,
  openInRoot,
  setMountAttributes,
  type Argument,
  type SyscallProgram,
} from '../../sys/index.ts';

// #region exercise-04-3
/**
 * Appends, for each path in turn, what lays a read-only copy of it over itself (config-linux.md,
 * "Readonly Paths"):
 *
 *     open  →  clone the tree  →  make it read-only  →  attach it  →  close both
 *
 * What is mounted below the path is cloned, and is read-only, as well. The target is opened with
 * {@link openInRoot} and O_PATH, by the path without its leading `/` (and `.` for `/` itself), so that
 * no symlink leads out of the container. The clone is of that descriptor, not of a path. A path
 * that is not there (ENOENT) is skipped; any other failure ends the program.
 *
 * Each path's calls have the origin `/linux/readonlyPaths/INDEX`.
 *
 * @param root the descriptor of the container's root.
 * @param paths absolute paths inside the container.
 */
export function appendReadonlyPaths(
  program: SyscallProgram,
  root: Argument,
  paths: readonly string[],
): void {
  for (const [index, path] of paths.entries()) {
    program.from(`/linux/readonlyPaths/${index}`, () => {
      const target = openInRoot(program, root, relative(path), O_PATH, { tolerate: 'ENOENT' });
      program.skipWhen(target, 'error', () => {
        const tree = cloneTree(program, { fd: target }, true);
        setMountAttributes(program, tree, { set: MOUNT_ATTR_RDONLY }, true);
        attachMount(program, tree, target);
        program.call('close', [tree]);
        program.call('close', [target]);
      });
    });
  }
}

/**
 * Appends, for each path in turn, what hides it (config-linux.md, "Masked Paths"): a file under the
 * host's `/dev/null`, a directory under an empty tmpfs.
 *
 *     open  →  clone /dev/null  →  attach it; if that was refused: new tmpfs, attach it, close it
 *     →  close both
 *
 * The target is opened as in {@link appendReadonlyPaths}, and one that is not there is skipped. The
 * program does not know whether it is a file: it tries `/dev/null`, and a directory refuses that with
 * EINVAL. The tmpfs is read-only, nosuid, nodev and noexec. `/dev/null` is cloned by its path, since
 * "/" is still the host's: what the container calls by that name plays no part (CVE-2025-31133).
 *
 * Each path's calls have the origin `/linux/maskedPaths/INDEX`.
 */
export function appendMaskedPaths(
  program: SyscallProgram,
  root: Argument,
  paths: readonly string[],
): void {
  for (const [index, path] of paths.entries()) {
    program.from(`/linux/maskedPaths/${index}`, () => appendMaskedPath(program, root, path));
  }
}

function appendMaskedPath(program: SyscallProgram, root: Argument, path: string): void {
  const target = openInRoot(program, root, relative(path), O_PATH, { tolerate: 'ENOENT' });
  program.skipWhen(target, 'error', () => {
    const empty = cloneTree(program, '/dev/null', false);
    const masked = attachMount(program, empty, target, { tolerate: 'EINVAL' });
    program.skipWhen(masked, 'success', () => {
      const safe = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
      const tmpfs = createMount(program, 'tmpfs', [], safe);
      attachMount(program, tmpfs, target);
      program.call('close', [tmpfs]);
    });
    program.call('close', [empty]);
    program.call('close', [target]);
  });
}

function relative(path: string): string {
  return posix.join('/', path).slice(1) || '.';
}
// #endregion exercise-04-3
