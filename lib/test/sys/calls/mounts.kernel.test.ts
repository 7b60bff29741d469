import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as sys from '../../../src/sys/index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coracle-mounts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The options of the mount at a path; `undefined` where there is none. */
function mountAt(path: string): string | undefined {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return lines.find((line) => line.split(' ')[4] === path)?.split(' ')[5];
}

/** A detached tmpfs. */
function newTmpfs(attributes: number): sys.Descriptor {
  using context = sys.fsopen('tmpfs');
  sys.fsconfig(context.fd, 'mode', '0711');
  sys.fsconfigCreate(context.fd);
  return sys.fsmount(context.fd, attributes);
}

test('a mount is made detached, attached, copied and taken away again', () => {
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  mkdirSync(first);
  mkdirSync(second);
  using mount = newTmpfs(sys.MOUNT_ATTR_NOSUID);
  expect(mountAt(first)).toBeUndefined();
  sys.moveMount(mount.fd, first);
  try {
    expect(mountAt(first)).toBe('rw,nosuid,relatime');
    expect(statSync(first).mode & 0o7777).toBe(0o711);
    writeFileSync(join(first, 'file'), 'text');
    using copy = sys.openTree(first, { recursive: false });
    sys.mountSetattr(copy.fd, { set: sys.MOUNT_ATTR_RDONLY, propagation: sys.MS_PRIVATE });
    sys.moveMount(copy.fd, second);
    expect(mountAt(second)).toBe('ro,nosuid,relatime');
    expect(readFileSync(join(second, 'file'), 'utf8')).toBe('text');
    expect(() => writeFileSync(join(second, 'file'), '')).toThrow('EROFS');
    sys.umount2(second, sys.MNT_DETACH);
  } finally {
    sys.umount2(first, sys.MNT_DETACH | sys.UMOUNT_NOFOLLOW);
  }
  expect(mountAt(first)).toBeUndefined();
  expect(mountAt(second)).toBeUndefined();
});

test('mount(2) takes source, type, flags and data', () => {
  sys.mount('none', folder, 'tmpfs', sys.MS_NODEV | sys.MS_NOEXEC, 'size=64k');
  try {
    expect(mountAt(folder)).toBe('rw,nodev,noexec,relatime');
  } finally {
    sys.umount2(folder, 0);
  }
});

test('the kernel says which parameter it refuses', () => {
  using context = sys.fsopen('tmpfs');
  expect(() => sys.fsconfig(context.fd, 'colour', 'red')).toThrow('invalid argument (EINVAL)');
  expect(sys.readMountLog(context.fd)).toEqual(["tmpfs: Unknown parameter 'colour'"]);
  expect(sys.readMountLog(context.fd)).toEqual([]);
});

test('what is not mounted cannot be taken away', () => {
  expect(() => sys.umount2(folder, 0)).toThrow(
    `umount2(${JSON.stringify(folder)}, 0): invalid argument (EINVAL)`,
  );
});
