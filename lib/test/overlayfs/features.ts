/**
 * What this kernel's overlayfs has, found out by doing it, with system calls of the test's own.
 *
 * Each is looked at once a file, as root; a test of a feature that is missing is skipped, and its
 * title says which. Which kernel brought what is in the comments, for the reader only.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  fsconfig,
  fsconfigCreate,
  fsopen,
  lsetxattr,
  MNT_DETACH,
  mount,
  SyscallError,
  umount2,
} from '../../src/sys/index.ts';

/** One layer for each call of fsconfig(2) (Linux 6.7). */
export const hasLowerdirPlus: boolean = tryOut((one, two) => {
  using context = fsopen('overlay');
  for (const layer of [one, two]) fsconfig(context.fd, 'lowerdir+', layer);
  fsconfigCreate(context.fd);
  return true;
});

/** What overlayfs refuses can be read from the filesystem context, not only in dmesg (Linux 6.5). */
export const hasMountLog: boolean = tryOut(() => {
  using context = fsopen('overlay');
  try {
    fsconfig(context.fd, 'no such parameter', 'x');
    return false;
  } catch {
    return true;
  }
});

/** `overlay.whiteout` and `overlay.opaque=x` hide a file (Linux 6.7). */
export const hasAttributeWhiteouts: boolean = tryOut((top, bottom, merged) => {
  for (const layer of [top, bottom]) writeFileSync(path.join(layer, 'file'), '');
  lsetxattr(top, 'trusted.overlay.opaque', 'x');
  lsetxattr(path.join(top, 'file'), 'trusted.overlay.whiteout', 'y');
  mount('overlay', merged, 'overlay', 0, `lowerdir=${top}:${bottom}`);
  const hidden = readdirSync(merged).length === 0;
  umount2(merged, MNT_DETACH);
  return hidden;
});

/** Whether it can be done, with three empty directories; what the kernel refuses it has not. */
function tryOut(act: (...directories: [string, string, string]) => boolean): boolean {
  const root = mkdtempSync('/tmp/coracle-overlay-feature-');
  const [one, two, three] = ['one', 'two', 'three'].map((name) => path.join(root, name));
  if (one === undefined || two === undefined || three === undefined) return false;
  try {
    for (const directory of [one, two, three]) mkdirSync(directory);
    return act(one, two, three);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return false;
  } finally {
    rmSync(root, { recursive: true });
  }
}
