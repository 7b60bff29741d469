/**
 * Ordered device rules as the two things a version 1 cgroup can hold: a default, and exceptions.
 *
 * The kernel keeps "all but these" or "none but these". Rules are folded into that here, rather
 * than written one by one, because the kernel silently ignores a rule that removes *part* of an
 * exception: deny `c 1:3` after allow `c 1:* ` would leave 1:3 open. What cannot be said is an
 * error. Kernel: admin-guide/cgroup-v1/devices.rst, security/device_cgroup.c.
 */
import { invalidResource } from '../errors.ts';
import { formatRule } from './device-rules.ts';
import type { DeviceRule, DeviceStep } from './device-rules.ts';

export interface DeviceList {
  /** What happens to a device that no exception names. */
  readonly allow: boolean;
  readonly exceptions: readonly DeviceRule[];
}

/** Folds the rules, first to last, from "nothing is allowed". Pure. Errors: `CGROUP_UNSUPPORTED`. */
export function foldDeviceRules(steps: readonly DeviceStep[]): DeviceList {
  let list: { allow: boolean; exceptions: DeviceRule[] } = { allow: false, exceptions: [] };
  for (const step of steps) {
    if ('reset' in step) list = { allow: step.reset, exceptions: [] };
    else if (step.allow === list.allow) list.exceptions = subtract(list.exceptions, step);
    else list.exceptions = add(list.exceptions, step);
  }
  return list;
}

function add(exceptions: readonly DeviceRule[], rule: DeviceRule): DeviceRule[] {
  const known = exceptions.find((other) => sameDevices(other, rule));
  if (!known) return [...exceptions, rule];
  const merged = { ...known, access: known.access | rule.access };
  return exceptions.map((other) => (other === known ? merged : other));
}

function subtract(exceptions: readonly DeviceRule[], rule: DeviceRule): DeviceRule[] {
  return exceptions.flatMap((other) => {
    const shared = other.access & rule.access;
    if (shared === 0 || !overlaps(other, rule)) return [other];
    if (!covers(rule, other)) throw cannotPunch(rule, other);
    const access = other.access & ~rule.access;
    return access === 0 ? [] : [{ ...other, access }];
  });
}

function cannotPunch(rule: DeviceRule, other: DeviceRule): Error {
  const why = `cgroup version 1 cannot take this out of the wider rule ${formatRule(other)} at ${other.source}; list the devices one by one`;
  return invalidResource(rule.source, 'devices', formatRule(rule), why);
}

function sameDevices(a: DeviceRule, b: DeviceRule): boolean {
  return a.type === b.type && a.major === b.major && a.minor === b.minor;
}

function covers(wide: DeviceRule, narrow: DeviceRule): boolean {
  return (
    wide.type === narrow.type &&
    (wide.major === undefined || wide.major === narrow.major) &&
    (wide.minor === undefined || wide.minor === narrow.minor)
  );
}

function overlaps(a: DeviceRule, b: DeviceRule): boolean {
  const meet = (x: number | undefined, y: number | undefined): boolean =>
    x === undefined || y === undefined || x === y;
  return a.type === b.type && meet(a.major, b.major) && meet(a.minor, b.minor);
}
