// The root filesystem of all cases: busybox and its applets. A case's copy shares the one binary by
// hard link, so it costs a few dozen symlinks and no mount that would have to be undone.

import { copyFileSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['bin', 'dev', 'etc', 'home', 'mnt', 'proc', 'root', 'run', 'sys', 'tmp', 'usr'];

const APPLETS = `
  [ awk basename cat chmod chown cp cut date dd df dmesg echo env expr false find getty grep head
  hexdump hostname id ifconfig ionice ip kill ln ls mkdir mkfifo mknod mktemp mount mv nproc nsenter
  od ping printf ps pwd readlink rm rmdir sed seq setpriv sh sleep sort stat stty sync tail taskset
  test timeout touch tr true tty umount uname unshare wc xxd`
  .trim()
  .split(/\s+/);

/** Copies busybox into `folder` once, on the filesystem where the cases live; returns its path. */
export function prepareBusybox(busybox: string, folder: string): string {
  const copy = join(folder, 'busybox');
  copyFileSync(busybox, copy);
  return copy;
}

/** Makes a root filesystem at `path` from the prepared binary. */
export function makeRootfs(busybox: string, path: string): void {
  for (const folder of FOLDERS) mkdirSync(join(path, folder), { recursive: true });
  linkSync(busybox, join(path, 'bin/busybox'));
  for (const applet of APPLETS) symlinkSync('busybox', join(path, 'bin', applet));
  writeFileSync(join(path, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(join(path, 'etc/group'), 'root:x:0:\n');
}
