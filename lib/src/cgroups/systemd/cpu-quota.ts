/**
 * `cpu.max` in systemd's words: microseconds of CPU time a second, and the period.
 *
 * systemd keeps a transient unit's quota as whole percent of a CPU and reads it back so at
 * `daemon-reload`. It is therefore rounded up to the next percent (10 ms a second), for systemd and
 * for the file alike, as runc does: otherwise the limit would change with the first reload. Pure.
 */
import type { CgroupWrite } from '../write.ts';
import { count, INFINITY, type UnitProperty } from './property.ts';

const SECOND_US = 1_000_000n;
const PERCENT_US = 10_000n;
const DEFAULT_PERIOD_US = 100_000n;
const POINTER = '/linux/resources/cpu/';

/** `QUOTA [PERIOD]` as properties; undefined for what only the kernel can judge. */
export function cpuMax(value: string): UnitProperty[] | undefined {
  const limit = parse(value);
  if (limit === undefined) return undefined;
  const { quota, period } = limit;
  const perSecond = quota === undefined ? INFINITY : percents(quota, period) * PERCENT_US;
  return [count('CPUQuotaPeriodUSec', period), count('CPUQuotaPerSecUSec', perSecond)];
}

/**
 * The writes with the quota of `linux.resources.cpu` rounded up to what systemd can keep. What
 * `unified` says is written as it stands, since the specification demands that.
 */
export function roundQuotas(writes: readonly CgroupWrite[]): CgroupWrite[] {
  return writes.map((write) => {
    if (write.file !== 'cpu.max' || !write.source.startsWith(POINTER)) return write;
    const limit = parse(write.value);
    if (limit?.quota === undefined) return write;
    const { quota, period } = limit;
    const rounded = (percents(quota, period) * PERCENT_US * period) / SECOND_US;
    return { ...write, value: `${rounded} ${period}` };
  });
}

function percents(quota: bigint, period: bigint): bigint {
  const perSecond = (quota * SECOND_US) / period;
  return (perSecond + PERCENT_US - 1n) / PERCENT_US;
}

function parse(value: string): { quota: bigint | undefined; period: bigint } | undefined {
  const match = /^(max|\d+)(?:\s+(\d+))?$/.exec(value);
  if (match === null) return undefined;
  const period = match[2] === undefined ? DEFAULT_PERIOD_US : BigInt(match[2]);
  if (period === 0n) return undefined;
  return { quota: match[1] === 'max' ? undefined : BigInt(match[1] ?? 0), period };
}
