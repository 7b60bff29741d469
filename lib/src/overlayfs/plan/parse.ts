/** Option lists of other programs (containerd's `Mount.options`, fstab) back to a spec. */
import { splitEscaped, unescapePath } from '#parts/overlayfs/escape.ts';
import {
  MOUNT_ATTR_NOATIME,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_RDONLY,
} from '../../sys/index.ts';
import { OverlayError } from '../errors.ts';
import type { OverlaySpec } from './spec.ts';

/**
 * Reads options as mount(8) takes them, each one `key`, `key=value`, or several joined by commas.
 *
 * @throws OverlayError OVERLAY_BAD_REQUEST for an option that Coracle does not know.
 */
export function parseOverlayOptions(options: readonly string[]): OverlaySpec {
  const spec: Draft = { lower: [] };
  for (const option of options.flatMap((each) => splitEscaped(each, ','))) {
    const equals = option.indexOf('=');
    const key = equals < 0 ? option : option.slice(0, equals);
    const attribute = ATTRIBUTE_OPTIONS.get(key);
    const read = READERS.get(key);
    if (attribute !== undefined) spec.attributes = (spec.attributes ?? 0) | attribute;
    else if (read !== undefined) read(spec, equals < 0 ? '' : option.slice(equals + 1));
    else throw badOption(key, `overlay option "${key}" is not known: leave it out`);
  }
  return spec;
}

/** MOUNT_ATTR_ flags by the names that mount(8) gives them. */
export const ATTRIBUTE_OPTIONS: ReadonlyMap<string, number> = new Map([
  ['ro', MOUNT_ATTR_RDONLY],
  ['rw', 0],
  ['nosuid', MOUNT_ATTR_NOSUID],
  ['nodev', MOUNT_ATTR_NODEV],
  ['noexec', MOUNT_ATTR_NOEXEC],
  ['noatime', MOUNT_ATTR_NOATIME],
]);

type Draft = { -readonly [K in keyof OverlaySpec]: OverlaySpec[K] } & { lower: string[] };

const READERS: ReadonlyMap<string, (spec: Draft, value: string) => void> = new Map(
  Object.entries<(spec: Draft, value: string) => void>({
    lowerdir: (spec, value) => spec.lower.push(...splitEscaped(value, ':').map(unescapePath)),
    'lowerdir+': (spec, value) => spec.lower.push(value),
    upperdir: (spec, value) => (spec.upper = unescapePath(value)),
    workdir: (spec, value) => (spec.work = unescapePath(value)),
    userxattr: (spec) => (spec.userxattr = true),
    volatile: (spec) => (spec.volatile = true),
    index: (spec, value) => (spec.index = oneOf('index', value, ['on', 'off'])),
    metacopy: (spec, value) => (spec.metacopy = oneOf('metacopy', value, ['on', 'off'])),
    redirect_dir: (spec, value) =>
      (spec.redirectDir = oneOf('redirect_dir', value, ['on', 'off', 'follow', 'nofollow'])),
    xino: (spec, value) => (spec.xino = oneOf('xino', value, ['on', 'off', 'auto'])),
  }),
);

function oneOf<const T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  const message = `overlay option ${option} is one of ${allowed.join(', ')}, not "${value}"`;
  throw badOption(option, message);
}

function badOption(option: string, message: string): OverlayError {
  return new OverlayError('OVERLAY_BAD_REQUEST', message, { option });
}
