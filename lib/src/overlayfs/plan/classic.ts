/**
 * The option string of mount(2), which the kernel reads one page of.
 *
 * Many layers with long paths do not fit, so there are three forms, the first that fits is taken
 * (parts/classic.ts):
 * 1. absolute paths;
 * 2. lower layers relative to the directory they have in common; whoever mounts must stand there;
 * 3. symlinks `0`, `1`, `2`, … in a directory made for it; whoever mounts stands in that. They are
 *    resolved once, by mount(2), and can be removed after it. Five hundred of them fit.
 */
import { escapePath } from '#parts/overlayfs/escape.ts';
import type { FilesystemParameter } from '../../sys/index.ts';
import type { OverlaySpec } from './spec.ts';

/** What mount(2) needs. */
export interface ClassicMount {
  /** The whole option string. */
  readonly options: string;
  /** Where the mounting process must stand, if the paths in `options` are relative. */
  readonly cwd?: string;
  /** Instead of `cwd`: symlinks, by name, that must be where the mounting process stands. */
  readonly links?: readonly { readonly name: string; readonly target: string }[];
}

/**
 * The whole option string, with these names for the lower layers. Upper and work stay absolute in
 * every form: they are few, and /proc/self/mountinfo shows them.
 */
export function joinOptions(
  lower: readonly string[],
  { upper, work }: Pick<OverlaySpec, 'upper' | 'work'>,
  features: readonly FilesystemParameter[],
): string {
  const options = [`lowerdir=${lower.map(escapePath).join(':')}`];
  if (upper !== undefined) options.push(`upperdir=${escapePath(upper)}`);
  if (work !== undefined) options.push(`workdir=${escapePath(work)}`);
  for (const { key, value } of features)
    options.push(value === undefined ? key : `${key}=${value}`);
  return options.join(',');
}
