export * from './constants/clone.ts';
export * from './constants/mount.ts';
export * from './constants/open.ts';
export * from './constants/process.ts';
export * from './constants/socket.ts';
export { DBus, openSystemBus, openUserBus, type Arguments, type DBusObject } from './dbus/bus.ts';
export { DBusError } from './dbus/errors.ts';
export { splitSignature, type DBusValue, type DBusVariant } from './dbus/signature.ts';
export { Descriptor } from './descriptor.ts';
export { ERRNO, errnoName, type ErrnoName } from './errno.ts';
export { describeErrno, hasCode, SyscallError } from './errors.ts';
export { LAYOUT } from './layouts.ts';
export { addressOf, loadLibrary, setPointer, syscall, type RawArgument } from './libc.ts';
export * from './libseccomp.ts';
export {
  hostArchitecture,
  SYSCALL_NAMES,
  SYSCALL_NUMBERS,
  syscallNumber,
  type Architecture,
  type SyscallName,
} from './numbers.ts';
export * from './calls/at.ts';
export * from './calls/files.ts';
export {
  FUSE_SUPER_MAGIC,
  filesystemType,
  isReadOnly,
  makedev,
  mknodat,
  NFS_SUPER_MAGIC,
  OVERLAYFS_SUPER_MAGIC,
  syncfs,
  utimensat,
} from './calls/inodes.ts';
export * from './calls/mounts.ts';
export * from './calls/processes.ts';
export * from './calls/sockets.ts';
export * from './calls/terminals.ts';
export * from './calls/wait.ts';
export { lgetxattr, llistxattr, lremovexattr, lsetxattr, type PathName } from './calls/xattrs.ts';
export { assemble, CODE_SIZE, type Assembled, type AssembleOptions } from './program/assemble.ts';
export { buildExecutable } from './program/executable.ts';
export { describeOperation, type Indexes } from './program/describe.ts';
export { explain } from './program/explain.ts';
export * from './program/operation.ts';
export { bytes, load, place, space, SyscallProgram, words } from './program/program.ts';
export {
  NOTICE_SIZE,
  noticeWithValue,
  notify,
  ProgramError,
  ProgramProcess,
  type Notice,
} from './program/process.ts';
export { inUserNamespace, isHostRoot, isRoot } from './privilege.ts';
export { spawnProgram, type SpawnOptions } from './program/spawn.ts';
export * from './program/mounts.ts';
export { argumentCount } from './signatures.ts';
