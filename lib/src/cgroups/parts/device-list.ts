/** Exercise 02.5: what ordered device rules add up to, as the list that version 1 keeps. */
import {
  cannotPunch,
  coversDevices,
  sharesDevices,
  type DeviceList,
} from '../controllers/device-list.ts';
import type { DeviceRule, DeviceStep } from '../controllers/device-rules.ts';

// #region exercise-02-5
/**
 * Folds the steps, first to last, into a default with exceptions. Pure. config-linux.md, "Allowed Device
 * list"; the kernel's cgroup-v1/devices.rst.
 *
 * It starts with "nothing is allowed" and no exceptions. Of each step:
 *
 * - A reset makes what it says the default, and forgets all exceptions.
 * - A rule that is not what the default says becomes an exception, behind the others. If there is one
 *   for exactly the same devices, that one gets the accesses (bits) too, stays where it is and keeps
 *   its `source`.
 * - A rule that is what the default says takes its accesses out of every exception that it covers
 *   ({@link coversDevices}), and the exception goes when no access is left. An exception that it shares
 *   devices ({@link sharesDevices}) *and* accesses with, without covering it, would need a hole, which
 *   the list cannot have: {@link cannotPunch}. Other exceptions stay as they are.
 *
 * Neither the steps nor their rules are changed.
 */
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
  const known = exceptions.find(
    (other) => coversDevices(other, rule) && coversDevices(rule, other),
  );
  if (!known) return [...exceptions, rule];
  const merged = { ...known, access: known.access | rule.access };
  return exceptions.map((other) => (other === known ? merged : other));
}

function subtract(exceptions: readonly DeviceRule[], rule: DeviceRule): DeviceRule[] {
  return exceptions.flatMap((other) => {
    const shared = other.access & rule.access;
    if (shared === 0 || !sharesDevices(other, rule)) return [other];
    if (!coversDevices(rule, other)) throw cannotPunch(rule, other);
    const access = other.access & ~rule.access;
    return access === 0 ? [] : [{ ...other, access }];
  });
}
// #endregion exercise-02-5
