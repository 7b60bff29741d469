/** Statistics of version 1 hierarchies. Kernel: admin-guide/cgroup-v1/. */
import { parseFlatKeyed } from '#parts/cgroups/keyed.ts';
import { parseCount, readOptional } from '../files.ts';
import { pageSizes } from './page-sizes.ts';
import { parseBlkio, parseCpuList } from './parse.ts';
import type { BlkioEntry, CgroupStats, MemoryCounter } from './types.ts';

/** cpuacct.stat counts in USER_HZ, which is 100 on every architecture: 10 ms. */
const TICK_NS = 10_000_000n;

export function readCpu(directory: string, stats: CgroupStats): void {
  const { nr_periods, nr_throttled, throttled_time } = parseFlatKeyed(read(directory, 'cpu.stat'));
  stats.cpu.throttling = {
    periods: nr_periods ?? 0n,
    throttledPeriods: nr_throttled ?? 0n,
    throttledTime: throttled_time ?? 0n,
  };
}

export function readCpuacct(directory: string, stats: CgroupStats): void {
  const { user, system } = parseFlatKeyed(read(directory, 'cpuacct.stat'));
  // Lines after the heading: "CPU USER SYSTEM", nanoseconds.
  const rows = (read(directory, 'cpuacct.usage_all') ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.split(' ').map(BigInt));
  stats.cpu.usage = {
    total: parseCount(read(directory, 'cpuacct.usage')),
    kernel: (system ?? 0n) * TICK_NS,
    user: (user ?? 0n) * TICK_NS,
    percpu: (read(directory, 'cpuacct.usage_percpu') ?? '')
      .split(/\s+/)
      .filter(Boolean)
      .map(BigInt),
    percpu_kernel: rows.map((row) => row[2] ?? 0n),
    percpu_user: rows.map((row) => row[1] ?? 0n),
  };
}

export function readCpuset(directory: string, stats: CgroupStats): void {
  stats.cpuset = {
    cpus: parseCpuList(read(directory, 'cpuset.cpus')),
    mems: parseCpuList(read(directory, 'cpuset.mems')),
  };
}

export function readMemory(directory: string, stats: CgroupStats): void {
  const counter = (prefix: string): MemoryCounter => ({
    limit: parseCount(read(directory, `${prefix}.limit_in_bytes`)),
    usage: parseCount(read(directory, `${prefix}.usage_in_bytes`)),
    max: parseCount(read(directory, `${prefix}.max_usage_in_bytes`)),
    failcnt: parseCount(read(directory, `${prefix}.failcnt`)),
  });
  const raw = parseFlatKeyed(read(directory, 'memory.stat'));
  stats.memory = {
    cache: raw.cache ?? 0n,
    usage: counter('memory'),
    swap: counter('memory.memsw'),
    kernel: counter('memory.kmem'),
    kernelTCP: counter('memory.kmem.tcp'),
    raw,
  };
}

export function readPids(directory: string, stats: CgroupStats): void {
  const limit = read(directory, 'pids.max');
  stats.pids = {
    current: parseCount(read(directory, 'pids.current')),
    limit: limit === 'max' ? 0n : parseCount(limit),
  };
}

/** Whichever accounting the kernel has: CFQ's (before 5.0), BFQ's if it is in charge, or the throttler's. */
export function readBlkio(directory: string, stats: CgroupStats): void {
  const table = (name: string): BlkioEntry[] => {
    for (const family of ['bfq.', '', 'throttle.']) {
      const entries = parseBlkio(read(directory, `blkio.${family}${name}_recursive`));
      if (entries.length > 0) return entries;
    }
    return [];
  };
  stats.blkio = {
    ioServiceBytesRecursive: table('io_service_bytes'),
    ioServicedRecursive: table('io_serviced'),
  };
}

/** Reserved pages where the kernel counts them, as these are what mmap is refused for. */
export function readHugetlb(directory: string, stats: CgroupStats): void {
  for (const size of pageSizes()) {
    const reserved = `hugetlb.${size}.rsvd`;
    const prefix =
      read(directory, `${reserved}.usage_in_bytes`) === undefined ? `hugetlb.${size}` : reserved;
    const usage = read(directory, `${prefix}.usage_in_bytes`);
    if (usage === undefined) continue;
    stats.hugetlb[size] = {
      usage: parseCount(usage),
      max: parseCount(read(directory, `${prefix}.max_usage_in_bytes`)),
      failcnt: parseCount(read(directory, `${prefix}.failcnt`)),
    };
  }
}

function read(directory: string, file: string): string | undefined {
  return readOptional(`${directory}/${file}`);
}
