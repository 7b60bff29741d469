/** Extended attributes (xattr(7)) of the path itself; a symlink is not followed. */
import { CoracleError } from '../../base/index.ts';
import { hasCode } from '../errors.ts';
import { syscall } from '../libc.ts';

/** A path; as bytes where a file's name is not UTF-8. */
export type PathName = string | Uint8Array;

/** No name or value is longer: XATTR_SIZE_MAX, XATTR_LIST_MAX (include/uapi/linux/limits.h). */
const LARGEST = 65_536;

/** One buffer for all reads: this thread makes one call at a time, and results are copied out. */
let scratch: Buffer | undefined;

/**
 * `ssize_t lgetxattr(const char *path, const char *name, void *value, size_t size)`.
 *
 * @returns `undefined` when the file has no such attribute, or its filesystem has none at all.
 * @throws SyscallError with any other errno.
 */
export function lgetxattr(path: PathName, name: string): Buffer | undefined {
  scratch ??= Buffer.alloc(LARGEST);
  try {
    const size = syscall('lgetxattr', terminated(path), name, scratch, LARGEST);
    return Buffer.from(scratch.subarray(0, size));
  } catch (error) {
    if (hasCode(error, 'ENODATA', 'ENOTSUP')) return undefined;
    throw error;
  }
}

/**
 * `ssize_t llistxattr(const char *path, char *list, size_t size)`: the names of all attributes that
 * this process may see; none where the filesystem has no attributes.
 */
export function llistxattr(path: PathName): string[] {
  scratch ??= Buffer.alloc(LARGEST);
  try {
    const size = syscall('llistxattr', terminated(path), scratch, LARGEST);
    if (size === 0) return [];
    return scratch.toString('utf8', 0, size - 1).split('\0');
  } catch (error) {
    if (hasCode(error, 'ENOTSUP')) return [];
    throw error;
  }
}

/**
 * `int lsetxattr(const char *path, const char *name, const void *value, size_t size, int flags)`
 * with flags 0: creates the attribute or replaces it.
 *
 * @throws SyscallError ENOTSUP where the filesystem has no attributes of this sort; EPERM.
 */
export function lsetxattr(path: PathName, name: string, value: string | Uint8Array): void {
  const contents = typeof value === 'string' ? Buffer.from(value) : value;
  const pointer = contents.length === 0 ? null : contents;
  syscall('lsetxattr', terminated(path), name, pointer, contents.length, 0);
}

/**
 * `int lremovexattr(const char *path, const char *name)`.
 *
 * @throws SyscallError ENODATA when the file has no such attribute.
 */
export function lremovexattr(path: PathName, name: string): void {
  syscall('lremovexattr', terminated(path), name);
}

/**
 * A `const char *`: strings get their NUL in `syscall`, bytes get it here.
 *
 * @throws CoracleError CALL_ARGUMENT for a NUL byte within the path.
 */
export function terminated(path: PathName): PathName {
  if (typeof path === 'string') return path;
  if (!path.includes(0)) return Buffer.concat([path, Buffer.of(0)]);
  throw new CoracleError(
    'CALL_ARGUMENT',
    `the path {${path.length} bytes} has a NUL byte; remove it`,
  );
}
