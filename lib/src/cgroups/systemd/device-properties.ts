/**
 * Device rules in systemd's words, for as long as systemd has words for them.
 *
 * systemd holds a list of what is allowed, and enforces it with a program of its own beside ours,
 * from the first `daemon-reload` on at the latest: access then needs the consent of both. So either
 * the list says exactly what the rules say, or systemd is told to keep out of it (`auto` with an
 * empty list) and our program decides alone. What it cannot say: all devices but some, and a minor
 * number of every major. Numbers are used where runc writes the names of /proc/devices: one name may
 * stand for several majors. systemd.resource-control(5), DeviceAllow=. Pure.
 */
import { foldDeviceRules } from '#parts/cgroups/device-list.ts';
import type { LinuxDeviceCgroup } from '../../oci/index.ts';
import type { DeviceList } from '../controllers/device-list.ts';
import {
  DEFAULT_DEVICE_RULES,
  formatAccess,
  parseDeviceRules,
  type DeviceRule,
} from '../controllers/device-rules.ts';
import { CgroupError } from '../errors.ts';
import { text, type UnitProperty } from './property.ts';

/** Before it, systemd took no numbers of devices that are not there. */
const NUMBERS_SINCE = 240;

/** Empties systemd's list first: setting it appends. */
const EMPTY: UnitProperty = { name: 'DeviceAllow', signature: 'a(ss)', value: [] };

/** `DevicePolicy` and `DeviceAllow` for the rules, with the usual devices after them. */
export function planDeviceProperties(
  rules: readonly LinuxDeviceCgroup[],
  version: number,
): UnitProperty[] {
  const list = fold(rules);
  const entries = list === undefined || list.allow ? undefined : list.exceptions.map(entryOf);
  if (version < NUMBERS_SINCE || entries === undefined || !entries.every(isSaid)) {
    return [EMPTY, text('DevicePolicy', 'auto')];
  }
  return [EMPTY, text('DevicePolicy', 'strict'), { ...EMPTY, value: entries }];
}

/** Undefined where "later rules win" leaves more than a default with exceptions. */
function fold(rules: readonly LinuxDeviceCgroup[]): DeviceList | undefined {
  try {
    return foldDeviceRules([
      ...parseDeviceRules(rules),
      ...parseDeviceRules(DEFAULT_DEVICE_RULES, 'defaults'),
    ]);
  } catch (error) {
    if (error instanceof CgroupError) return undefined;
    throw error;
  }
}

type Entry = readonly [device: string, access: string];

function isSaid(entry: Entry | undefined): entry is Entry {
  return entry !== undefined;
}

function entryOf(rule: DeviceRule): Entry | undefined {
  const { type, major, minor } = rule;
  const kind = type === 'c' ? 'char' : 'block';
  const access = formatAccess(rule.access);
  if (major === undefined) return minor === undefined ? [`${kind}-*`, access] : undefined;
  if (minor === undefined) return [`${kind}-${major}`, access];
  return [`/dev/${kind}/${major}:${minor}`, access];
}
