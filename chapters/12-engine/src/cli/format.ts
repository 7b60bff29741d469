/** Numbers and times for people, as Docker writes them. */
import type { Platform } from 'coracle/oci';
import { UsageError } from './command.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes with three digits: `4.86MB`. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${Number(value.toPrecision(3))}${UNITS[unit] ?? ''}`;
}

const AGES: readonly (readonly [seconds: number, name: string])[] = [
  [365 * 86_400, 'year'],
  [30 * 86_400, 'month'],
  [7 * 86_400, 'week'],
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** How long ago: `3 weeks ago`. @param time RFC 3339; @param now milliseconds since 1970. */
export function age(time: string | undefined, now: number): string {
  const seconds = (now - Date.parse(time ?? '')) / 1000;
  if (!Number.isFinite(seconds)) return 'N/A';
  const [length, name] = AGES.find(([least]) => seconds >= least) ?? [1, 'second'];
  const count = Math.max(0, Math.floor(seconds / length));
  return `${count} ${name}${count === 1 ? '' : 's'} ago`;
}

/** `linux/arm/v7` as `--platform` takes it. */
export function platform(text: string | undefined): Platform | undefined {
  if (text === undefined) return undefined;
  const [os = '', architecture = '', variant, ...rest] = text.split('/');
  if (os === '' || architecture === '' || rest.length > 0) {
    throw new UsageError(`--platform ${text}: it is OS/ARCHITECTURE, such as linux/arm64`);
  }
  return { os, architecture, ...(variant !== undefined && { variant }) };
}
