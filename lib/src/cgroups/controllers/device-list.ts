/**
 * What a version 1 cgroup can hold of device rules: a default, and exceptions from it.
 *
 * The kernel keeps "all but these" or "none but these". Rules are folded into that (parts/
 * device-list.ts) rather than written one by one, because the kernel silently ignores a rule that
 * removes *part* of an exception: deny `c 1:3` after allow `c 1:*` would leave 1:3 open. What cannot
 * be said is an error. Kernel: admin-guide/cgroup-v1/devices.rst, security/device_cgroup.c.
 */
import { invalidResource, type CgroupError } from '../errors.ts';
import { formatRule } from './device-rules.ts';
import type { DeviceRule } from './device-rules.ts';

/** What version 1 keeps: a default, and the exceptions from it. */
export interface DeviceList {
  /** What happens to a device that no exception names. */
  readonly allow: boolean;
  readonly exceptions: readonly DeviceRule[];
}

/** Whether every device of `narrow` is one of `wide`. Says nothing of accesses. */
export function coversDevices(wide: DeviceRule, narrow: DeviceRule): boolean {
  return (
    wide.type === narrow.type &&
    (wide.major === undefined || wide.major === narrow.major) &&
    (wide.minor === undefined || wide.minor === narrow.minor)
  );
}

/** Whether some device is one of both rules. Says nothing of accesses. */
export function sharesDevices(a: DeviceRule, b: DeviceRule): boolean {
  const meet = (x: number | undefined, y: number | undefined): boolean =>
    x === undefined || y === undefined || x === y;
  return a.type === b.type && meet(a.major, b.major) && meet(a.minor, b.minor);
}

/** `CGROUP_INVALID`: `rule` would take a part out of the exception `other`. */
export function cannotPunch(rule: DeviceRule, other: DeviceRule): CgroupError {
  const why = `cgroup version 1 cannot take this out of the wider rule ${formatRule(other)} at ${other.source}; list the devices one by one`;
  return invalidResource(rule.source, 'devices', formatRule(rule), why);
}
