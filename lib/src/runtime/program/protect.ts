/** Masked and read-only paths, and sysctls (config-linux.md). */
import { posix } from 'node:path';
import { sysctlFile } from '../../oci/index.ts';
import {
  attachMount,
  cloneTree,
  createMount,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_RDONLY,
  O_PATH,
  O_WRONLY,
  openInRoot,
  RESOLVE_BENEATH,
  RESOLVE_NO_SYMLINKS,
  RESOLVE_NO_XDEV,
  setMountAttributes,
  type Argument,
  type SyscallProgram,
} from '../../sys/index.ts';

const SAFE_RDONLY = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

/**
 * Hides each path: a file under the *host's* /dev/null, a directory under an empty tmpfs.
 *
 * The host's node is opened before the root changes, and the parent has checked that it is
 * character device 1:3; what the container calls /dev/null plays no part (CVE-2025-31133).
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
    // A file cannot cover a directory: EINVAL.
    const masked = attachMount(program, empty, target, { tolerate: 'EINVAL' });
    program.skipWhen(masked, 'success', () => {
      const tmpfs = createMount(program, 'tmpfs', [], SAFE_RDONLY);
      attachMount(program, tmpfs, target);
      program.call('close', [tmpfs]);
    });
    program.call('close', [empty]);
    program.call('close', [target]);
  });
}

/** Lays a read-only copy of each path over itself, with what is mounted below. */
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
 * Writes sysctls through a procfs that the runtime mounts for itself and attaches nowhere, so that
 * no fake /proc of an image can redirect the writes (CVE-2025-52881, CVE-2019-19921).
 */
export function appendSysctls(
  program: SyscallProgram,
  sysctls: Readonly<Record<string, string>>,
): void {
  const entries = Object.entries(sysctls);
  if (entries.length === 0) return;
  program.from('/linux/sysctl', () => {
    const proc = createMount(program, 'proc', [], 0);
    const resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS;
    for (const [name, value] of entries) {
      const source = `/linux/sysctl/${name}`;
      const file = openInRoot(program, proc, `sys/${sysctlFile(name) ?? ''}`, O_WRONLY, {
        resolve,
        source,
      });
      program.call('write', [file, value, Buffer.byteLength(value)], { source });
      program.call('close', [file]);
    }
    program.call('close', [proc]);
  });
}

function relative(path: string): string {
  return posix.join('/', path).slice(1) || '.';
}
