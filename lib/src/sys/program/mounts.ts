/**
 * Mounting by descriptor, as a program's operations (Linux 5.2 to 5.12: open_tree(2), fsopen(2),
 * move_mount(2), mount_setattr(2), openat2(2)).
 *
 * A mount is made detached, given its attributes, and only then attached to a target that was
 * resolved inside the root: no path of the container's is ever followed outside it, and no mount is
 * ever visible half-configured.
 */
import {
  FSCONFIG_CMD_CREATE,
  FSCONFIG_SET_FLAG,
  FSCONFIG_SET_STRING,
  FSMOUNT_CLOEXEC,
  FSOPEN_CLOEXEC,
  MOVE_MOUNT_F_EMPTY_PATH,
  MOVE_MOUNT_T_EMPTY_PATH,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
} from '../constants/mount.ts';
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_RECURSIVE,
  O_CLOEXEC,
  RESOLVE_IN_ROOT,
} from '../constants/open.ts';
import { mountAttributeNames, mountFlagNames, openFlagNames, resolveNames } from '../names.ts';
import type { Argument, OperationOptions, Result } from './operation.ts';
import { words, type SyscallProgram } from './program.ts';

/** Opens `path` as if `root` were `/`; symlinks and `..` stay inside. O_CLOEXEC is added. */
export function openInRoot(
  program: SyscallProgram,
  root: Argument,
  path: string,
  flags: number,
  options: OperationOptions & { resolve?: number; mode?: number } = {},
): Result {
  const { resolve = RESOLVE_IN_ROOT, mode = 0, ...rest } = options;
  const all = flags | O_CLOEXEC;
  const shown = (): string => `{flags=${openFlagNames(all)}, resolve=${resolveNames(resolve)}}`;
  return program.call('openat2', [root, path, words([all, mode, resolve], shown), 24], rest);
}

/** A detached copy of the mount at `path`, with everything below it when `recursive`. */
export function cloneTree(
  program: SyscallProgram,
  source: { fd: Argument; path?: string } | string,
  recursive: boolean,
  options: OperationOptions = {},
): Result {
  const flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (recursive ? AT_RECURSIVE : 0);
  if (typeof source === 'string') {
    return program.call('open_tree', [AT_FDCWD, source, flags], options);
  }
  const { fd, path = '' } = source;
  return program.call(
    'open_tree',
    [fd, path, path === '' ? flags | AT_EMPTY_PATH : flags],
    options,
  );
}

/** One parameter of a new filesystem: a flag (`'ro'`) or `key=value`. */
export interface FilesystemParameter {
  readonly key: string;
  readonly value?: string;
}

/**
 * A new, detached mount of a filesystem.
 *
 * @param attributes MOUNT_ATTR_ flags of the mount itself.
 */
export function createMount(
  program: SyscallProgram,
  type: string,
  parameters: readonly FilesystemParameter[],
  attributes: number,
  options: OperationOptions = {},
): Result {
  const context = program.call('fsopen', [type, FSOPEN_CLOEXEC], options);
  for (const { key, value } of parameters) {
    const command = value === undefined ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING;
    program.call('fsconfig', [context, command, key, value ?? null, 0], options);
  }
  program.call('fsconfig', [context, FSCONFIG_CMD_CREATE, null, null, 0], options);
  const mount = program.call('fsmount', [context, FSMOUNT_CLOEXEC, attributes], options);
  program.call('close', [context]);
  return mount;
}

/** Attaches a detached mount on top of what `target` refers to. */
export function attachMount(
  program: SyscallProgram,
  mount: Argument,
  target: Argument,
  options: OperationOptions = {},
): Result {
  const flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;
  return program.call('move_mount', [mount, '', target, '', flags], options);
}

/** What mount_setattr(2) changes: MOUNT_ATTR_ bits, an MS_ propagation type, an id mapping. */
export interface MountAttributes {
  readonly set?: number;
  readonly clear?: number;
  readonly propagation?: number;
  /** A descriptor of the user namespace to map by; `set` must have MOUNT_ATTR_IDMAP. */
  readonly usernsFd?: number;
}

/** Changes the attributes of a mount, of all below it when `recursive`. */
export function setMountAttributes(
  program: SyscallProgram,
  mount: Argument,
  attributes: MountAttributes,
  recursive: boolean,
  options: OperationOptions = {},
): Result {
  const { set = 0, clear = 0, propagation = 0, usernsFd = 0 } = attributes;
  const shown = (): string =>
    `{set=${mountAttributeNames(set)}, clr=${mountAttributeNames(clear)}, propagation=${mountFlagNames(propagation)}}`;
  const attr = words([set, clear, propagation, usernsFd], shown);
  const flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
  return program.call('mount_setattr', [mount, '', flags, attr, 32], options);
}
