/**
 * CPU time: a share when others want the CPU too, a quota even when nobody does.
 *
 * v1: cpu.shares 2–262144 (1024 is normal), cpu.cfs_quota_us of cpu.cfs_period_us.
 * v2: cpu.weight 1–10000 (100 is normal), cpu.max "QUOTA PERIOD" (parts/cpu.ts).
 * Spec: config-linux.md "CPU"; kernel: admin-guide/cgroup-v2.rst, scheduler/sched-bwc.rst.
 */
import { cpuMaxText, sharesToWeight } from '#parts/cgroups/cpu.ts';
import type { LinuxCpu } from '../../oci/index.ts';
import { invalidResource, unsupported } from '../errors.ts';
import type { CgroupHost } from '../host.ts';
import type { FileWrite } from '../write.ts';
import { RESOURCES, asWrites, asked, requireController } from './setting.ts';
import type { Setting } from './setting.ts';

const POINTER = `${RESOURCES}/cpu`;
const SHARES = { min: 2, max: 262_144 };

/** Shares, quota, period, burst, idle and real-time limits. Pure; errors as in `planResources`. */
export function planCpu(host: CgroupHost, cpu: LinuxCpu): FileWrite[] {
  checkBurst(cpu);
  const settings = { 1: versionOne, 2: versionTwo };
  const wanted = [cpu.shares, cpu.quota, cpu.period, cpu.realtimePeriod, cpu.realtimeRuntime].some(
    (value) => asked(value) !== undefined,
  );
  if (!wanted && cpu.burst === undefined && cpu.idle === undefined) return [];
  const at = requireController(host, POINTER, 'cpu');
  return asWrites(at, POINTER, settings[at.version](cpu));
}

function versionOne(cpu: LinuxCpu): Setting[] {
  const { shares, quota, period, realtimePeriod, realtimeRuntime } = cpu;
  const settings: Setting[] = [];
  if (asked(shares) !== undefined) {
    checkShares(Number(shares));
    settings.push({ from: 'shares', file: 'cpu.shares', value: String(shares) });
  }
  if (asked(period) !== undefined) {
    settings.push({ from: 'period', file: 'cpu.cfs_period_us', value: String(period), tied: true });
  }
  settings.push(...burst(cpu, 'cpu.cfs_burst_us'));
  if (asked(quota) !== undefined) {
    settings.push({ from: 'quota', file: 'cpu.cfs_quota_us', value: String(quota) });
  }
  if (asked(realtimePeriod) !== undefined) {
    const value = String(realtimePeriod);
    settings.push({ from: 'realtimePeriod', file: 'cpu.rt_period_us', value, tied: true });
  }
  if (asked(realtimeRuntime) !== undefined) {
    const value = String(realtimeRuntime);
    settings.push({ from: 'realtimeRuntime', file: 'cpu.rt_runtime_us', value });
  }
  return withIdle(cpu, settings);
}

function versionTwo(cpu: LinuxCpu): Setting[] {
  const { shares, quota, period } = cpu;
  for (const from of ['realtimePeriod', 'realtimeRuntime'] as const) {
    if (asked(cpu[from]) === undefined) continue;
    throw unsupported(`${POINTER}/${from}`, 'cpu', 'version 2 has no real-time group scheduling');
  }
  const settings: Setting[] = [];
  if (asked(shares) !== undefined) {
    const value = String(sharesToWeight(Number(shares)));
    settings.push({ from: 'shares', file: 'cpu.weight', value });
  }
  settings.push(...burst(cpu, 'cpu.max.burst'));
  const max = cpuMaxText(quota, period);
  if (max !== undefined) {
    const from = asked(quota) === undefined ? 'period' : 'quota';
    settings.push({ from, file: 'cpu.max', value: max });
  }
  return withIdle(cpu, settings);
}

/** Burst may not exceed the quota that is in force: tied, and missing from kernels before 5.14. */
function burst(cpu: LinuxCpu, file: string): Setting[] {
  if (cpu.burst === undefined) return [];
  const because = 'kernels before 5.14 have no burst, which only ever gives more';
  const tolerate = { errnos: ['ENOENT'], because };
  return [{ from: 'burst', file, value: String(cpu.burst), tied: true, tolerate }];
}

/**
 * An idle cgroup has a weight of its own, the least there is, and refuses another: so idle goes
 * first, and 1 leaves no shares to set.
 */
function withIdle(cpu: LinuxCpu, settings: Setting[]): Setting[] {
  if (cpu.idle === undefined) return settings;
  const idle: Setting = { from: 'idle', file: 'cpu.idle', value: String(cpu.idle) };
  const rest = cpu.idle === 1 ? settings.filter(({ from }) => from !== 'shares') : settings;
  return [idle, ...rest];
}

/** The kernel would clamp in silence; runc, whose texts these are, refuses. */
function checkShares(shares: number): void {
  const why =
    shares > SHARES.max
      ? `the maximum allowed cpu-shares is ${SHARES.max}`
      : shares < SHARES.min
        ? `the minimum allowed cpu-shares is ${SHARES.min}`
        : undefined;
  if (why) throw invalidResource(`${POINTER}/shares`, 'cpu', shares, why);
}

function checkBurst(cpu: LinuxCpu): void {
  const quota = Number(cpu.quota ?? 0);
  if (cpu.burst === undefined || quota <= 0 || Number(cpu.burst) <= quota) return;
  const why = `may not be larger than the quota of ${quota} µs`;
  throw invalidResource(`${POINTER}/burst`, 'cpu', cpu.burst, why);
}
