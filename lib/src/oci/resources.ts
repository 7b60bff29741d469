/**
 * What a container may use (config-linux.md, "Control groups").
 *
 * `update --resources` takes the same object. A missing value means "leave as it is"; for memory
 * and pids, -1 means "no limit".
 */
import type { LinuxDeviceCgroup } from './devices.ts';
import type { Int64 } from './integers.ts';

/** Limits for the container's cgroup (config-linux.md, "Control groups"). */
export interface LinuxResources {
  devices?: LinuxDeviceCgroup[];
  memory?: LinuxMemory;
  cpu?: LinuxCpu;
  pids?: LinuxPids;
  blockIO?: LinuxBlockIO;
  hugepageLimits?: LinuxHugepageLimit[];
  network?: LinuxNetwork;
  /** RDMA device → limits. */
  rdma?: Record<string, LinuxRdma>;
  /** File of the cgroup v2 hierarchy → what to write into it. */
  unified?: Record<string, string>;
}

/** config-linux.md, "Memory"; bytes. */
export interface LinuxMemory {
  limit?: Int64;
  /** Soft limit. */
  reservation?: Int64;
  /** Memory and swap together. */
  swap?: Int64;
  kernel?: Int64;
  kernelTCP?: Int64;
  /** 0 to 100. */
  swappiness?: number;
  disableOOMKiller?: boolean;
  useHierarchy?: boolean;
  /** Refuse a new limit below what is in use. */
  checkBeforeUpdate?: boolean;
}

/** config-linux.md, "CPU"; times in microseconds. */
export interface LinuxCpu {
  shares?: Int64;
  quota?: Int64;
  burst?: Int64;
  period?: Int64;
  realtimeRuntime?: Int64;
  realtimePeriod?: Int64;
  /** CPUs such as `0-3,7`. */
  cpus?: string;
  /** Memory nodes, likewise. */
  mems?: string;
  /** 1 gives the cgroup SCHED_IDLE, 0 the default. */
  idle?: number;
}

/** config-linux.md, "PIDs". */
export interface LinuxPids {
  /** Number of tasks; -1 is no limit. */
  limit?: Int64;
}

/** config-linux.md, "Block IO". */
export interface LinuxBlockIO {
  weight?: number;
  leafWeight?: number;
  weightDevice?: LinuxWeightDevice[];
  /** Bytes per second. */
  throttleReadBpsDevice?: LinuxThrottleDevice[];
  throttleWriteBpsDevice?: LinuxThrottleDevice[];
  /** Operations per second. */
  throttleReadIOPSDevice?: LinuxThrottleDevice[];
  throttleWriteIOPSDevice?: LinuxThrottleDevice[];
}

/** A block device by its numbers. */
export interface LinuxBlockIODevice {
  major: number;
  minor: number;
}

/** At least one of the two weights. */
export interface LinuxWeightDevice extends LinuxBlockIODevice {
  weight?: number;
  leafWeight?: number;
}

/** A rate limit of one block device, per second. */
export interface LinuxThrottleDevice extends LinuxBlockIODevice {
  rate: Int64;
}

/** config-linux.md, "Huge page limits". */
export interface LinuxHugepageLimit {
  /** Such as `2MB`, base 1024. */
  pageSize: string;
  /** Bytes. */
  limit: Int64;
}

/** config-linux.md, "Network": net_cls and net_prio. */
export interface LinuxNetwork {
  classID?: number;
  priorities?: LinuxInterfacePriority[];
}

/** Priority of traffic leaving by one interface. */
export interface LinuxInterfacePriority {
  /** Interface of the runtime's network namespace. */
  name: string;
  priority: number;
}

/** config-linux.md, "RDMA"; at least one of the two. */
export interface LinuxRdma {
  hcaHandles?: number;
  hcaObjects?: number;
}
