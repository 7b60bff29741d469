/** Inodes: the calls on files that Node has not, or has only with less precision. */
import { AT_FDCWD, AT_SYMLINK_NOFOLLOW } from '../constants/open.ts';
import { syscall } from '../libc.ts';
import { terminated, type PathName } from './xattrs.ts';

/** Types of `statfs.f_type` (include/uapi/linux/magic.h). */
export const OVERLAYFS_SUPER_MAGIC = 0x794c7630;
export const NFS_SUPER_MAGIC = 0x6969;
export const FUSE_SUPER_MAGIC = 0x65735546;

/**
 * `int mknodat(int dirfd, const char *path, mode_t mode, dev_t dev)`.
 *
 * @param mode type (S_IFCHR, S_IFBLK, S_IFIFO, …) and permissions; the umask applies.
 * @param device major and minor as in `stat.rdev`; 0 for what is no device.
 */
export function mknodat(path: PathName, mode: number, device = 0): void {
  syscall('mknodat', AT_FDCWD, terminated(path), mode, device);
}

/**
 * `int utimensat(int dirfd, const char *path, const struct timespec times[2], int flags)` on the
 * path itself.
 *
 * @param atime access time in nanoseconds since 1970.
 * @param mtime modification time in nanoseconds since 1970.
 */
export function utimensat(path: PathName, atime: bigint, mtime: bigint): void {
  syscall('utimensat', AT_FDCWD, terminated(path), timesBuffer(atime, mtime), AT_SYMLINK_NOFOLLOW);
}

/** `struct timespec times[2]` of nanoseconds since 1970. */
export function timesBuffer(atime: bigint, mtime: bigint): Uint8Array {
  const times = new BigInt64Array([...timespec(atime), ...timespec(mtime)]);
  return new Uint8Array(times.buffer);
}

/**
 * `int statfs(const char *path, struct statfs *buf)`: the type of the filesystem below a path.
 *
 * @returns `f_type`, such as {@link OVERLAYFS_SUPER_MAGIC}.
 */
export function filesystemType(path: PathName): number {
  return statfs(path).readUInt32LE(0);
}

/** Whether the filesystem, or the mount, at a path is read-only (ST_RDONLY of `f_flags`). */
export function isReadOnly(path: PathName): boolean {
  return (statfs(path).readUInt32LE(80) & 1) !== 0;
}

/** `struct statfs`: f_type at 0, f_flags at 80. */
function statfs(path: PathName): Buffer {
  const buffer = Buffer.alloc(120);
  syscall('statfs', terminated(path), buffer);
  return buffer;
}

/** `int syncfs(int fd)`: waits until everything written to the descriptor's filesystem is on disk. */
export function syncfs(fd: number): void {
  syscall('syncfs', fd);
}

/** Seconds and nanoseconds; before 1970 the seconds are negative and the nanoseconds are not. */
function timespec(time: bigint): [seconds: bigint, nanoseconds: bigint] {
  const nanoseconds = ((time % BILLION) + BILLION) % BILLION;
  return [(time - nanoseconds) / BILLION, nanoseconds];
}

const BILLION = 1_000_000_000n;

/** `makedev(3)`: 12 bits of major, 20 of minor, as the kernel's new encoding spreads them. */
export function makedev(major: number, minor: number): number {
  return ((minor & 0xff) | ((major & 0xfff) << 8) | ((minor & ~0xff) << 12)) >>> 0;
}
