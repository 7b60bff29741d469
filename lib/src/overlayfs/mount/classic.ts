/**
 * mount(2) with one option string.
 *
 * Relative paths need a process that stands in the right directory. Changing our own would change
 * it for all threads, so a child does both: chdir, then mount in the namespace it shares with us.
 */
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  hasCode,
  mount,
  MS_NOATIME,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_RDONLY,
  MOUNT_ATTR_NOATIME,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_RDONLY,
  socketpair,
  spawnProgram,
  SyscallError,
  SyscallProgram,
} from '../../sys/index.ts';
import { OverlayError } from '../errors.ts';
import type { OverlayMount } from '../plan/plan.ts';
import { explainRefusal } from './explain-refusal.ts';
import { withAttachedIdmaps } from './idmap-attached.ts';
import { refuseReadOnly } from './read-only.ts';
import { unmount } from './unmount.ts';

/** Mounts by option string, whatever form the plan has chosen for it. */
export function mountClassic(plan: OverlayMount, target: string): void {
  try {
    withAttachedIdmaps(plan, ({ classic, attributes }) => {
      const flags = mountFlags(attributes);
      if (classic.links !== undefined) mountThroughLinks(classic.links, classic, target, flags);
      else if (classic.cwd !== undefined) mountFrom(classic.cwd, classic.options, target, flags);
      else mount('overlay', target, 'overlay', flags, classic.options);
    });
    refuseReadOnly(plan, target, () => unmount(target));
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    if (hasCode(error, 'ENOENT') && !existsSync(target)) {
      const message = `cannot mount at ${target}, it does not exist: make that directory first`;
      throw new OverlayError('OVERLAY_REFUSED', message, { path: target, errno: error.errno });
    }
    throw explainRefusal(plan.spec, error, []);
  }
}

function mountThroughLinks(
  links: NonNullable<OverlayMount['classic']['links']>,
  { options }: OverlayMount['classic'],
  target: string,
  flags: number,
): void {
  const directory = mkdtempSync(path.join(tmpdir(), 'coracle-layers-'));
  try {
    for (const link of links) symlinkSync(link.target, path.join(directory, link.name));
    mountFrom(directory, options, target, flags);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Mounts in a child that stands in `cwd`. */
function mountFrom(cwd: string, options: string, target: string, flags: number): void {
  const program = new SyscallProgram();
  program.call('chdir', [cwd]);
  program.call('mount', ['overlay', path.resolve(target), 'overlay', flags, options]);
  program.call('exit_group', [0]);
  const [control, childControl] = socketpair();
  using child = spawnProgram(program, { control, childControl, keep: [], name: 'mount-overlay' });
  try {
    child.receive();
  } finally {
    child.wait();
  }
}

const ATTRIBUTE_FLAGS = [
  [MOUNT_ATTR_RDONLY, MS_RDONLY],
  [MOUNT_ATTR_NOSUID, MS_NOSUID],
  [MOUNT_ATTR_NODEV, MS_NODEV],
  [MOUNT_ATTR_NOEXEC, MS_NOEXEC],
  [MOUNT_ATTR_NOATIME, MS_NOATIME],
] as const;

/** MOUNT_ATTR_ flags as the MS_ flags that mount(2) knows. */
function mountFlags(attributes: number): number {
  const set = ATTRIBUTE_FLAGS.filter(([attribute]) => (attributes & attribute) !== 0);
  return set.reduce((flags, [, flag]) => flags | flag, 0);
}
