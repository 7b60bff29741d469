/** Statistics of the version 2 hierarchy, in version 1's terms. Kernel: admin-guide/cgroup-v2.rst. */
import { parseFlatKeyed } from '#parts/cgroups/keyed.ts';
import { parseCount, readOptional } from '../files.ts';
import { pageSizes } from './page-sizes.ts';
import { keyedCount, parseCpuList, parseIoStat, parsePressure } from './parse.ts';
import type { CgroupStats, MemoryCounter } from './types.ts';

const NS_PER_US = 1000n;
const UNLIMITED = 0xffff_ffff_ffff_ffffn;

/** All that a cgroup of a pure version 2 host counts. */
export function readUnified(directory: string, stats: CgroupStats): void {
  const read = (file: string): string | undefined => readOptional(`${directory}/${file}`);
  readCpu(read, stats);
  readMemory(read, stats);
  const { bytes, operations } = parseIoStat(read('io.stat'));
  const io = parsePressure(read('io.pressure'));
  stats.blkio = {
    ioServiceBytesRecursive: bytes,
    ioServicedRecursive: operations,
    ...(io && { psi: io }),
  };
  readPids(read, stats);
  readUnifiedHugetlb(directory, stats);
}

/** On its own, because on a hybrid host hugetlb may be the only controller here. */
export function readUnifiedHugetlb(directory: string, stats: CgroupStats): void {
  for (const size of pageSizes()) {
    const file = (name: string): string | undefined =>
      readOptional(`${directory}/hugetlb.${size}.${name}`);
    const usage = file('rsvd.current') ?? file('current');
    if (usage === undefined) continue;
    const failcnt = keyedCount(file('events'), 'max');
    stats.hugetlb[size] = { usage: parseCount(usage), max: 0n, failcnt };
  }
}

type Read = (file: string) => string | undefined;

function readCpu(read: Read, stats: CgroupStats): void {
  const counts = parseFlatKeyed(read('cpu.stat'));
  const psi = parsePressure(read('cpu.pressure'));
  const nanoseconds = (key: string): bigint => (counts[key] ?? 0n) * NS_PER_US;
  stats.cpu = {
    usage: {
      ...stats.cpu.usage,
      total: nanoseconds('usage_usec'),
      kernel: nanoseconds('system_usec'),
      user: nanoseconds('user_usec'),
    },
    throttling: {
      periods: counts.nr_periods ?? 0n,
      throttledPeriods: counts.nr_throttled ?? 0n,
      throttledTime: nanoseconds('throttled_usec'),
    },
    ...(psi && { psi }),
  };
  stats.cpuset = {
    cpus: parseCpuList(read('cpuset.cpus.effective')),
    mems: parseCpuList(read('cpuset.mems.effective')),
  };
}

function readMemory(read: Read, stats: CgroupStats): void {
  const counter = (prefix: string): MemoryCounter => ({
    limit: parseCount(read(`${prefix}.max`)),
    usage: parseCount(read(`${prefix}.current`)),
    max: parseCount(read(`${prefix}.peak`)),
    failcnt: keyedCount(read(`${prefix}.events`), 'max'),
  });
  const raw = parseFlatKeyed(read('memory.stat'));
  const usage = counter('memory');
  const swap = counter('memory.swap');
  const psi = parsePressure(read('memory.pressure'));
  stats.memory = {
    ...stats.memory,
    cache: raw.file ?? 0n,
    usage,
    // Two peaks at two times do not add up to one.
    swap: {
      limit: swap.limit === UNLIMITED ? UNLIMITED : swap.limit + usage.limit,
      usage: swap.usage + usage.usage,
      max: 0n,
      failcnt: swap.failcnt,
    },
    raw,
    ...(psi && { psi }),
  };
  if (usage.limit === UNLIMITED) stats.memory.swap.limit = UNLIMITED;
}

/** Without the pids controller the processes can still be counted. */
function readPids(read: Read, stats: CgroupStats): void {
  const current = read('pids.current');
  const limit = read('pids.max');
  const members = (read('cgroup.procs') ?? '').split('\n').filter((line) => line !== '');
  stats.pids = {
    current: current === undefined ? BigInt(members.length) : parseCount(current),
    limit: limit === 'max' ? 0n : parseCount(limit),
  };
}
