/**
 * Mounts of this process's own mount namespace, by descriptor where the kernel can (Linux 5.2 on).
 *
 * fsopen → fsconfig … → fsconfig(CREATE) → fsmount → move_mount. What the kernel has to say about a
 * parameter it refuses is a text that {@link readMountLog} takes from the fsopen descriptor.
 */
import {
  FSCONFIG_CMD_CREATE,
  FSCONFIG_SET_FD,
  FSCONFIG_SET_FLAG,
  FSCONFIG_SET_STRING,
  FSMOUNT_CLOEXEC,
  FSOPEN_CLOEXEC,
  MOVE_MOUNT_F_EMPTY_PATH,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
} from '../constants/mount.ts';
import { AT_EMPTY_PATH, AT_FDCWD, AT_RECURSIVE } from '../constants/open.ts';
import { Descriptor } from '../descriptor.ts';
import { hasCode } from '../errors.ts';
import { syscall } from '../libc.ts';

/**
 * `int mount(const char *source, const char *target, const char *type, unsigned long flags,
 * const void *data)`.
 *
 * @param data options; the kernel reads one page and refuses more.
 */
export function mount(
  source: string,
  target: string,
  type: string,
  flags: number,
  data: string | null = null,
): void {
  syscall('mount', source, target, type, flags, data);
}

/** `int umount2(const char *target, int flags)` with MNT_ flags and UMOUNT_NOFOLLOW. */
export function umount2(target: string, flags: number): void {
  syscall('umount2', target, flags);
}

/** `int fsopen(const char *fsname, unsigned int flags)`: a context to configure a filesystem in. */
export function fsopen(type: string): Descriptor {
  return new Descriptor(syscall('fsopen', type, FSOPEN_CLOEXEC));
}

/**
 * `int fsconfig(int fd, unsigned int cmd, const char *key, const void *value, int aux)`: one
 * parameter.
 *
 * @param value a text of at most 255 bytes, a descriptor (`number`), or nothing for a flag.
 */
export function fsconfig(context: number, key: string, value?: string | number): void {
  if (value === undefined) syscall('fsconfig', context, FSCONFIG_SET_FLAG, key, null, 0);
  else if (typeof value === 'string') {
    syscall('fsconfig', context, FSCONFIG_SET_STRING, key, value, 0);
  } else syscall('fsconfig', context, FSCONFIG_SET_FD, key, null, value);
}

/** The highest number an `int` can hold; no table of descriptors is that long. */
const NEVER_OPEN = 0x7f_ff_ff_ff;

/**
 * Whether a filesystem has not moved to fsconfig(2) yet: the kernel then joins all parameters to one
 * option string, as for mount(2), and tells about a bad one only in its own log.
 *
 * Such a context refuses any descriptor before it looks at it; the others look, and find none.
 */
export function isLegacyContext(context: number): boolean {
  try {
    fsconfig(context, 'source', NEVER_OPEN);
    return false;
  } catch (error) {
    return hasCode(error, 'ENOTSUP');
  }
}

/** `fsconfig(FSCONFIG_CMD_CREATE)`: makes the filesystem (its superblock). */
export function fsconfigCreate(context: number): void {
  syscall('fsconfig', context, FSCONFIG_CMD_CREATE, null, null, 0);
}

/**
 * `int fsmount(int fd, unsigned int flags, unsigned int attr_flags)`: a detached mount; it vanishes
 * with its last descriptor unless {@link moveMount} attaches it.
 *
 * @param attributes MOUNT_ATTR_ flags.
 */
export function fsmount(context: number, attributes: number): Descriptor {
  return new Descriptor(syscall('fsmount', context, FSMOUNT_CLOEXEC, attributes));
}

/** `int move_mount(int from_dirfd, …)`: attaches a detached mount at a path of this namespace. */
export function moveMount(mountFd: number, target: string): void {
  syscall('move_mount', mountFd, '', AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH);
}

/**
 * `int open_tree(int dirfd, const char *path, unsigned int flags)` with OPEN_TREE_CLONE: a detached
 * copy of what is mounted at `path`, as a bind mount would be.
 */
export function openTree(path: string, options: { recursive: boolean }): Descriptor {
  const flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (options.recursive ? AT_RECURSIVE : 0);
  return new Descriptor(syscall('open_tree', AT_FDCWD, path, flags));
}

/** What {@link mountSetattr} changes: `struct mount_attr`. */
export interface MountSetattr {
  readonly set?: number;
  readonly clear?: number;
  /** One of MS_SHARED, MS_SLAVE, MS_PRIVATE, MS_UNBINDABLE. */
  readonly propagation?: number;
  /** The user namespace to map by; `set` must have MOUNT_ATTR_IDMAP. */
  readonly usernsFd?: number;
  readonly recursive?: boolean;
}

/**
 * `int mount_setattr(int dirfd, const char *path, unsigned int flags, struct mount_attr *attr,
 * size_t size)` on a mount's descriptor.
 */
export function mountSetattr(mountFd: number, change: MountSetattr): void {
  const { set = 0, clear = 0, propagation = 0, usernsFd = 0, recursive = false } = change;
  const attr = new BigUint64Array([set, clear, propagation, usernsFd].map(BigInt));
  const flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
  syscall('mount_setattr', mountFd, '', flags, new Uint8Array(attr.buffer), 32);
}

/**
 * The kernel's messages about a context, oldest first, without their level (`e ` error, `w `
 * warning, `i ` information). Each is handed out once; few filesystems write any.
 */
export function readMountLog(context: number): string[] {
  const messages: string[] = [];
  const buffer = Buffer.alloc(4096);
  for (;;) {
    try {
      const size = syscall('read', context, buffer, buffer.length);
      messages.push(buffer.toString('utf8', 0, size).trim().slice(2));
    } catch (error) {
      if (hasCode(error, 'ENODATA')) return messages;
      throw error;
    }
  }
}
