/** Namespaces as files: opened by path, checked for their kind, kept alive by a bind mount. */
import { closeSync, openSync, readlinkSync, writeFileSync } from 'node:fs';
import { messageOf } from '../base/index.ts';
import type { LinuxNamespaceType } from '../oci/index.ts';
import { Descriptor, MNT_DETACH, MS_BIND, syscall, SyscallError } from '../sys/index.ts';
import { NamespaceError } from './errors.ts';
import { kindOf } from './kinds.ts';

/** `ioctl(fd, NS_GET_NSTYPE)`: the CLONE_NEW* flag of a namespace file (ioctl_ns(2)). */
const NS_GET_NSTYPE = 0xb703;

/**
 * Opens a namespace file and makes sure that it is of the kind asked for.
 *
 * @throws NamespaceError if it is missing, not a namespace, or of another kind.
 */
export function openNamespace(path: string, type: LinuxNamespaceType): Descriptor {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    throw new NamespaceError(
      'NAMESPACE_OPEN',
      path,
      `cannot open the ${type} namespace at ${path}: ${messageOf(error)}; ` +
        'name a file of /proc/PID/ns of a running process, or one that it is bound to',
      { cause: error },
    );
  }
  const descriptor = new Descriptor(fd);
  if (namespaceFlag(fd) === kindOf(type).flag) return descriptor;
  closeSync(descriptor.release());
  throw new NamespaceError(
    'NAMESPACE_KIND',
    path,
    `${path} is not a ${type} namespace; check the type and path in linux.namespaces`,
  );
}

/** The inode number in `mnt:[4026531841]`: equal for processes that share the namespace. */
export function namespaceId(pid: number | 'self', type: LinuxNamespaceType): string {
  return readlinkSync(`/proc/${pid}/ns/${kindOf(type).file}`);
}

/**
 * Keeps a namespace alive without a process: binds `/proc/PID/ns/KIND` to a file, which is made.
 *
 * A mount namespace can only be kept by a file outside it whose mount is private (namespaces(7)).
 */
export function persistNamespace(pid: number, type: LinuxNamespaceType, path: string): void {
  writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
  syscall('mount', `/proc/${pid}/ns/${kindOf(type).file}`, path, null, MS_BIND, null);
}

/** Lets go of a namespace kept by {@link persistNamespace}; the file stays. */
export function releaseNamespace(path: string): void {
  syscall('umount2', path, MNT_DETACH);
}

function namespaceFlag(fd: number): number | undefined {
  try {
    return syscall('ioctl', fd, NS_GET_NSTYPE);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}
