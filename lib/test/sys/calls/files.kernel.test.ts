import {
  closeSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as sys from '../../../src/sys/index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coracle-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The code of what is thrown. */
function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
  return 'nothing was thrown';
}

/** Opens a directory for the time of a test. */
function rootOf(path: string): sys.Descriptor {
  return new sys.Descriptor(openSync(path, 'r'));
}

test('openat2 stays inside its root, whatever symbolic links say', () => {
  mkdirSync(join(folder, 'etc'));
  writeFileSync(join(folder, 'etc/hostname'), 'inside');
  symlinkSync('/etc', join(folder, 'absolute'));
  symlinkSync('../../../../etc', join(folder, 'upwards'));
  using root = rootOf(folder);
  for (const path of [
    'etc/hostname',
    'absolute/hostname',
    'upwards/hostname',
    '../../etc/hostname',
  ]) {
    using file = sys.openat2(root.fd, path, sys.O_RDONLY);
    expect(readFileSync(file.fd, 'utf8')).toBe('inside');
    expect(sys.syscall('fcntl', file.fd, sys.F_GETFD)).toBe(sys.FD_CLOEXEC);
  }
});

test('openat2 refuses links where it is asked to', () => {
  symlinkSync('/proc/self/fd/0', join(folder, 'magic'));
  using root = rootOf(folder);
  const open = (resolve: number) => sys.openat2(root.fd, 'magic', sys.O_PATH, resolve).close();
  expect(codeOf(() => open(sys.RESOLVE_NO_SYMLINKS))).toBe('ELOOP');
  expect(codeOf(() => open(sys.RESOLVE_BENEATH))).toBe('EXDEV');
});

test('a sealed file has its contents, can be executed, and nobody can change it', () => {
  const contents = Buffer.alloc(100_000, 'x');
  using file = sys.sealedMemoryFile('sealed', contents);
  expect(readFileSync(`/proc/self/fd/${file.fd}`)).toEqual(contents);
  expect(fstatSync(file.fd).mode & 0o111).toBe(0o111);
  expect(codeOf(() => writeSync(file.fd, 'y', 0))).toBe('EPERM');
  expect(codeOf(() => sys.syscall('ftruncate', file.fd, 1))).toBe('EPERM');
  expect(codeOf(() => sys.syscall('fcntl', file.fd, sys.F_ADD_SEALS, 0))).toBe('EPERM');
});

test('a lock that somebody has is refused, and free when its descriptor is closed', () => {
  const path = join(folder, 'lock');
  const owner = openSync(path, 'w');
  const other = openSync(path, 'w');
  sys.flock(owner, sys.LOCK_EX);
  expect(codeOf(() => sys.flock(other, sys.LOCK_EX | sys.LOCK_NB))).toBe('EAGAIN');
  closeSync(owner);
  sys.flock(other, sys.LOCK_EX | sys.LOCK_NB);
  closeSync(other);
});

test('extended attributes are written, listed, read and removed', () => {
  const path = join(folder, 'file');
  writeFileSync(path, '');
  expect(sys.lgetxattr(path, 'trusted.test')).toBeUndefined();
  sys.lsetxattr(path, 'trusted.test', Uint8Array.of(1, 0, 2));
  sys.lsetxattr(path, 'trusted.empty', '');
  expect(sys.llistxattr(path).toSorted()).toEqual(['trusted.empty', 'trusted.test']);
  expect(sys.lgetxattr(Buffer.from(path), 'trusted.test')).toEqual(Buffer.of(1, 0, 2));
  expect(sys.lgetxattr(path, 'trusted.empty')).toEqual(Buffer.alloc(0));
  sys.lremovexattr(path, 'trusted.test');
  expect(codeOf(() => sys.lremovexattr(path, 'trusted.test'))).toBe('ENODATA');
});

test('a filesystem without attributes has none', () => {
  expect(sys.lgetxattr('/proc/version', 'user.test')).toBeUndefined();
  expect(codeOf(() => sys.lsetxattr('/proc/version', 'user.test', 'x'))).toBe('ENOTSUP');
});

test('a path of bytes with a NUL byte is refused', () => {
  const path = Buffer.from(`${folder}\0x`);
  expect(codeOf(() => sys.lgetxattr(path, 'user.x'))).toBe('CALL_ARGUMENT');
});

test('nodes have their type and device, also with large numbers', () => {
  const path = join(folder, 'node');
  const device = (0x123 << 8) | 0x45 | (0x678 << 20);
  sys.mknodat(path, sys.S_IFCHR | 0o600, device);
  expect(statSync(path).isCharacterDevice()).toBe(true);
  expect(statSync(path).rdev).toBe(device);
  const name = Buffer.from([...Buffer.from(`${folder}/`), 0xff]);
  sys.mknodat(name, sys.S_IFIFO | 0o600);
  expect(statSync(name).isFIFO()).toBe(true);
});

test('times have nanoseconds, also before 1970, and are those of a link itself', () => {
  const path = join(folder, 'link');
  symlinkSync('nowhere', path);
  sys.utimensat(path, -1n, 1_234_567_890_123_456_789n);
  const status = Buffer.alloc(256);
  sys.syscall('statx', sys.AT_FDCWD, path, sys.AT_SYMLINK_NOFOLLOW, 0x60, status);
  const time = (at: number) => [status.readBigInt64LE(at), status.readUInt32LE(at + 8)];
  expect(time(64)).toEqual([-1n, 999_999_999]);
  expect(time(112)).toEqual([1_234_567_890n, 123_456_789]);
});

test('the type of a filesystem is its magic number', () => {
  const PROC_SUPER_MAGIC = 0x9fa0;
  expect(sys.filesystemType('/proc')).toBe(PROC_SUPER_MAGIC);
  using file = rootOf(folder);
  sys.syncfs(file.fd);
});

test('a descriptor of another process is copied by its pidfd', () => {
  const file = openSync('/dev/null', 'r');
  using self = sys.pidfdOpen(process.pid);
  using copy = sys.pidfdGetfd(self.fd, file);
  expect(copy.fd).not.toBe(file);
  expect(readlinkSync(`/proc/self/fd/${copy.fd}`)).toBe('/dev/null');
  sys.pidfdSendSignal(self.fd, 0);
  closeSync(file);
  expect(codeOf(() => sys.pidfdOpen(2 ** 30))).toBe('ESRCH');
});
