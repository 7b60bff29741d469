/** Exercise 02.2: CPU shares and quotas in the words of version 2. */
import type { Int64 } from '../../oci/index.ts';
import { asked } from '../controllers/setting.ts';

// #region exercise-02-2
/**
 * `cpu.shares` (version 1: 2 to 262144, normally 1024) as `cpu.weight` (version 2: 1 to 10000, normally
 * 100). Pure. config-linux.md, "CPU"; the kernel's cgroup-v2.rst, "CPU Interface Files".
 *
 * A straight line through the ends would put the normal 1024 at 39. So the curve goes through three
 * points: 2 becomes 1, 1024 becomes 100, 262144 becomes 10000. Between them log10(weight) is a
 * quadratic function of log2(shares), and the weight is rounded up. Find the function by hand, in
 * fractions: rounding up makes 101 of 100.00000000000001, and the three points must be exact.
 *
 * Shares beyond an end weigh what the end does.
 */
export function sharesToWeight(shares: number): number {
  if (shares <= 2) return 1;
  if (shares >= 262_144) return 10_000;
  const log = Math.log2(shares);
  return Math.ceil(10 ** ((log * log + 125 * log) / 612 - 7 / 34));
}

/**
 * Quota and period as the text of `cpu.max`: `QUOTA PERIOD`, both in microseconds. Pure. The kernel's
 * cgroup-v2.rst, "CPU Interface Files".
 *
 * In OCI a value that is missing or 0 is not asked for ({@link asked}), and a negative quota is no
 * limit. In `cpu.max` no limit is `max`, and so is the quota if only a period is asked for. Without a
 * period it is the kernel's usual one, 100000. Undefined if neither is asked for: then the file is not
 * written. Either may be a bigint, and is written out in full.
 */
export function cpuMaxText(
  quota: Int64 | undefined,
  period: Int64 | undefined,
): string | undefined {
  if (asked(quota) === undefined && asked(period) === undefined) return undefined;
  const amount = Number(quota ?? 0) > 0 ? String(quota) : 'max';
  return `${amount} ${asked(period) ?? 100_000}`;
}
// #endregion exercise-02-2
