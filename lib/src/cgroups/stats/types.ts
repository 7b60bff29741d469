/**
 * What a container uses, in one shape for every kind of host.
 *
 * The names are those of `runc events --stats`, so the object prints as that command's `data`.
 * Counters are bigints, since the kernel's have 64 bits: "no limit" is 2^64-1 on version 2.
 * Whatever a host does not count is 0, or missing where runc leaves it out.
 */

export interface CgroupStats {
  cpu: CpuStats;
  cpuset: CpusetStats;
  memory: MemoryStats;
  pids: { current: bigint; /** 0: none. */ limit: bigint };
  blkio: BlkioStats;
  /** By page size, such as `2MB`. */
  hugetlb: Record<string, HugetlbStats>;
}

/** Processor time in nanoseconds, and how often a quota held the container back. */
export interface CpuStats {
  /** Nanoseconds since the cgroup was made. */
  usage: {
    total: bigint;
    kernel: bigint;
    user: bigint;
    /** By CPU; version 1 only. */
    percpu: bigint[];
    percpu_kernel: bigint[];
    percpu_user: bigint[];
  };
  /** How often, and for how many nanoseconds, the quota stopped it. */
  throttling: { periods: bigint; throttledPeriods: bigint; throttledTime: bigint };
  psi?: Pressure;
}

/** The processors and memory nodes in use. */
export interface CpusetStats {
  cpus: number[];
  mems: number[];
}

/** Bytes. */
export interface MemoryCounter {
  limit: bigint;
  usage: bigint;
  max: bigint;
  /** How often the limit was hit. */
  failcnt: bigint;
}

/** Memory in bytes, and how often a limit was hit. */
export interface MemoryStats {
  /** Page cache. */
  cache: bigint;
  usage: MemoryCounter;
  /** Memory and swap together, also on version 2. */
  swap: MemoryCounter;
  kernel: MemoryCounter;
  kernelTCP: MemoryCounter;
  /** memory.stat as it stands. */
  raw: Record<string, bigint>;
  psi?: Pressure;
}

/** A counter of one block device. */
export interface BlkioEntry {
  major: bigint;
  minor: bigint;
  op: string;
  value: bigint;
}

/** Block devices: bytes and operations, by device. */
export interface BlkioStats {
  ioServiceBytesRecursive: BlkioEntry[];
  ioServicedRecursive: BlkioEntry[];
  psi?: Pressure;
}

/** Huge pages of one size, in bytes. */
export interface HugetlbStats {
  usage: bigint;
  max: bigint;
  failcnt: bigint;
}

/** Time lost waiting: averages in percent, total in microseconds. Kernel: accounting/psi.rst. */
export interface PressureLine {
  avg10: number;
  avg60: number;
  avg300: number;
  total: bigint;
}

/** Pressure stall information (the kernel's psi.rst). */
export interface Pressure {
  some: PressureLine;
  full: PressureLine;
}

export function emptyStats(): CgroupStats {
  return {
    cpu: {
      usage: { total: 0n, kernel: 0n, user: 0n, percpu: [], percpu_kernel: [], percpu_user: [] },
      throttling: { periods: 0n, throttledPeriods: 0n, throttledTime: 0n },
    },
    cpuset: { cpus: [], mems: [] },
    memory: {
      cache: 0n,
      usage: emptyCounter(),
      swap: emptyCounter(),
      kernel: emptyCounter(),
      kernelTCP: emptyCounter(),
      raw: {},
    },
    pids: { current: 0n, limit: 0n },
    blkio: { ioServiceBytesRecursive: [], ioServicedRecursive: [] },
    hugetlb: {},
  };
}

function emptyCounter(): MemoryCounter {
  return { limit: 0n, usage: 0n, max: 0n, failcnt: 0n };
}
