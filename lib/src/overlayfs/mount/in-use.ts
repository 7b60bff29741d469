/**
 * Two overlays that write to one upper directory.
 *
 * With `index=off` the kernel only warns in its log and goes on, with "undefined behavior". This
 * looks for such mounts beforehand. It sees the mounts of its own mount namespace only, so whoever
 * hands out upper directories must still hand out each one once.
 */
import { readFileSync, statSync, type BigIntStats } from 'node:fs';
import { splitEscaped, unescapePath } from '#parts/overlayfs/escape.ts';
import { OverlayError } from '../errors.ts';
import type { OverlaySpec } from '../plan/spec.ts';

/** @throws OverlayError OVERLAY_IN_USE if upper or work is that of a mounted overlay. */
export function refuseSharedUpper({ upper, work }: OverlaySpec): void {
  if (upper === undefined || work === undefined) return;
  const mounted = mountedUppers(readFileSync('/proc/self/mountinfo', 'utf8'));
  if (mounted.length === 0) return;
  for (const [option, path] of [
    ['upperdir', upper],
    ['workdir', work],
  ] as const) {
    const ours = identify(path);
    const other = mounted.find((each) => each.path === path || sameFile(ours, each.path));
    if (other === undefined) continue;
    throw new OverlayError(
      'OVERLAY_IN_USE',
      `${option} ${path} is in use by the overlay at ${other.mountPoint}: two overlays would ` +
        'corrupt each other there. Unmount that one first, or use another directory',
      { path, option },
    );
  }
}

/** The directory that a mounted overlay writes to. */
interface MountedUpper {
  readonly mountPoint: string;
  readonly path: string;
}

/** The upper and work directories of every overlay in a mountinfo file (proc_pid_mountinfo(5)). */
export function mountedUppers(mountinfo: string): MountedUpper[] {
  const found: MountedUpper[] = [];
  for (const line of mountinfo.split('\n')) {
    const separator = line.indexOf(' - overlay ');
    if (separator < 0) continue;
    const mountPoint = unescapeOctal(line.split(' ', 5)[4] ?? '');
    const options = unescapeOctal(line.slice(line.lastIndexOf(' ') + 1));
    for (const option of splitEscaped(options, ',')) {
      const value = /^(?:upperdir|workdir)=(.*)$/s.exec(option)?.[1];
      if (value !== undefined) found.push({ mountPoint, path: unescapePath(value) });
    }
  }
  return found;
}

/** The kernel writes blanks and its own separators as `\ooo`. */
function unescapeOctal(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes = text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCodePoint(Number.parseInt(octal, 8)),
  );
  return bytes;
}

function identify(path: string): BigIntStats | undefined {
  return path.startsWith('/') ? statSync(path, { bigint: true, throwIfNoEntry: false }) : undefined;
}

function sameFile(ours: BigIntStats | undefined, path: string): boolean {
  if (ours === undefined) return false;
  const theirs = identify(path);
  return theirs !== undefined && ours.ino === theirs.ino && ours.dev === theirs.dev;
}
