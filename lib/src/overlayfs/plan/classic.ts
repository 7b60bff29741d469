/**
 * The option string of mount(2), which the kernel reads one page of.
 *
 * Many layers with long paths do not fit, so there are three forms, the first that fits is taken:
 * 1. absolute paths;
 * 2. lower layers relative to the directory they have in common; whoever mounts must stand there;
 * 3. symlinks `0`, `1`, `2`, … in a directory made for it; whoever mounts stands in that. They are
 *    resolved once, by mount(2), and can be removed after it. Five hundred of them fit.
 */
import type { FilesystemParameter } from '../../sys/index.ts';
import { OverlayError } from '../errors.ts';
import { escapePath } from './escape.ts';
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

/** Picks the form; see the head of this file. */
export function planClassic(
  spec: OverlaySpec,
  features: readonly FilesystemParameter[],
  pageSize: number,
): ClassicMount {
  const fits = ({ options }: ClassicMount): boolean => Buffer.byteLength(options) < pageSize;
  const fitting = [absolute, relative, linked].map((form) => form(spec, features)).find(fits);
  if (fitting !== undefined) return fitting;
  throw new OverlayError(
    'OVERLAY_TOO_LONG',
    `the options for upper ${spec.upper ?? '(none)'} and ${spec.lower.length} lower layers do not ` +
      `fit into mount(2)'s ${pageSize} bytes: use shorter paths for upper and work`,
    { option: 'upperdir' },
  );
}

/** The directory that all the paths have in common, at least `/`. */
export function commonParent(paths: readonly string[]): string {
  const [first = '/', ...rest] = paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1));
  let common = first;
  for (const directory of rest) {
    while (!directory.startsWith(common)) {
      common = common.slice(0, common.lastIndexOf('/', common.length - 2) + 1);
    }
  }
  return common === '/' ? '/' : common.slice(0, -1);
}

type Features = readonly FilesystemParameter[];

function absolute(spec: OverlaySpec, features: Features): ClassicMount {
  return { options: joinOptions(spec.lower, spec, features) };
}

function relative(spec: OverlaySpec, features: Features): ClassicMount {
  const cwd = commonParent(spec.lower);
  const start = cwd === '/' ? 1 : cwd.length + 1;
  const lower = spec.lower.map((path) => path.slice(start) || '.');
  return { options: joinOptions(lower, spec, features), cwd };
}

function linked(spec: OverlaySpec, features: Features): ClassicMount {
  const links = spec.lower.map((target, index) => ({ name: String(index), target }));
  const names = links.map(({ name }) => name);
  return { options: joinOptions(names, spec, features), links };
}

/** Upper and work stay absolute in every form: they are few, and /proc/self/mountinfo shows them. */
function joinOptions(
  lower: readonly string[],
  { upper, work }: OverlaySpec,
  features: Features,
): string {
  const options = [`lowerdir=${lower.map(escapePath).join(':')}`];
  if (upper !== undefined) options.push(`upperdir=${escapePath(upper)}`);
  if (work !== undefined) options.push(`workdir=${escapePath(work)}`);
  for (const { key, value } of features)
    options.push(value === undefined ? key : `${key}=${value}`);
  return options.join(',');
}
