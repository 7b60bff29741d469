/**
 * Files by a directory's descriptor and one name in it: what works on a tree that somebody else may
 * change meanwhile. None of these follows a symlink at that name.
 */
import {
  AT_EMPTY_PATH,
  AT_REMOVEDIR,
  AT_SYMLINK_NOFOLLOW,
  directoryFlag,
  noFollowFlag,
  O_CLOEXEC,
  O_CREAT,
  O_EXCL,
  O_PATH,
  O_WRONLY,
} from '../constants/open.ts';
import { Descriptor } from '../descriptor.ts';
import { syscall, syscallRetry } from '../libc.ts';
import { timesBuffer } from './inodes.ts';
import { terminated, type PathName } from './xattrs.ts';

/** `int openat(int dirfd, const char *path, int flags, mode_t mode)`: a new file, for writing. */
export function createFileAt(dirfd: number, name: PathName, mode: number): Descriptor {
  const flags = O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC;
  return new Descriptor(syscallRetry('openat', dirfd, terminated(name), flags, mode));
}

/**
 * `int openat(int dirfd, const char *path, int flags)` of a directory (O_PATH).
 *
 * @throws SyscallError ENOTDIR for anything else, a symlink too; ENOENT.
 */
export function openDirectoryAt(dirfd: number, name: PathName): Descriptor {
  const flags = O_PATH | directoryFlag(process.arch) | noFollowFlag(process.arch) | O_CLOEXEC;
  return new Descriptor(syscall('openat', dirfd, terminated(name), flags));
}

/** `int mkdirat(int dirfd, const char *path, mode_t mode)`; the umask applies. */
export function mkdirat(dirfd: number, name: PathName, mode: number): void {
  syscall('mkdirat', dirfd, terminated(name), mode);
}

/** `int symlinkat(const char *target, int dirfd, const char *linkpath)`. */
export function symlinkat(target: PathName, dirfd: number, name: PathName): void {
  syscall('symlinkat', terminated(target), dirfd, terminated(name));
}

/**
 * `int linkat(int olddirfd, const char *old, int newdirfd, const char *new, int flags)`: another
 * name for a file; for a symlink itself.
 */
export function linkat(oldDirfd: number, old: PathName, newDirfd: number, name: PathName): void {
  syscall('linkat', oldDirfd, terminated(old), newDirfd, terminated(name), 0);
}

/** `int mknodat(int dirfd, const char *path, mode_t mode, dev_t dev)`; the umask applies. */
export function makeNodeAt(dirfd: number, name: PathName, mode: number, device: number): void {
  syscall('mknodat', dirfd, terminated(name), mode, device);
}

/** `int unlinkat(int dirfd, const char *path, int flags)`. @throws SyscallError EISDIR, ENOENT. */
export function unlinkat(dirfd: number, name: PathName): void {
  syscall('unlinkat', dirfd, terminated(name), 0);
}

/** `int unlinkat(int dirfd, const char *path, AT_REMOVEDIR)`. @throws SyscallError ENOTEMPTY. */
export function rmdirat(dirfd: number, name: PathName): void {
  syscall('unlinkat', dirfd, terminated(name), AT_REMOVEDIR);
}

/** `int fchownat(int dirfd, const char *path, uid_t owner, gid_t group, int flags)`. */
export function lchownat(dirfd: number, name: PathName, uid: number, gid: number): void {
  syscall('fchownat', dirfd, terminated(name), uid, gid, AT_SYMLINK_NOFOLLOW);
}

/** `int fchownat(fd, "", uid_t owner, gid_t group, AT_EMPTY_PATH)`: of an open file, O_PATH too. */
export function fchown(fd: number, uid: number, gid: number): void {
  syscall('fchownat', fd, '', uid, gid, AT_EMPTY_PATH);
}

/** `int fchmod(int fd, mode_t mode)`; not of an O_PATH descriptor. */
export function fchmod(fd: number, mode: number): void {
  syscall('fchmod', fd, mode);
}

/**
 * `int fchmodat(int dirfd, const char *path, mode_t mode)`: of what is known to be no symlink, which
 * it would follow.
 */
export function fchmodat(dirfd: number, name: PathName, mode: number): void {
  syscall('fchmodat', dirfd, terminated(name), mode);
}

/** `int utimensat(int dirfd, const char *path, const struct timespec times[2], int flags)`. */
export function lutimensat(dirfd: number, name: PathName, atime: bigint, mtime: bigint): void {
  const times = timesBuffer(atime, mtime);
  syscall('utimensat', dirfd, terminated(name), times, AT_SYMLINK_NOFOLLOW);
}

/** `int futimens(int fd, const struct timespec times[2])`, nanoseconds since 1970. */
export function futimens(fd: number, atime: bigint, mtime: bigint): void {
  syscall('utimensat', fd, null, timesBuffer(atime, mtime), 0);
}
