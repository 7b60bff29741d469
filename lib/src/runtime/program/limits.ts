/** Limits and scheduling that a process keeps across execve(2) (config.md, "Process"). */
import {
  IO_PRIORITY_CLASSES,
  parseNumberList,
  SCHEDULER_FLAGS,
  type IOPriority,
  type LinuxMemoryPolicy,
  type LinuxPersonality,
  type PosixRlimit,
  type RlimitType,
  type Scheduler,
  type SchedulerPolicy,
} from '../../oci/index.ts';
import { bytes, type SyscallProgram } from '../../sys/index.ts';

/** Resource numbers of prlimit(2). */
const RLIMITS: Readonly<Record<RlimitType, number>> = {
  RLIMIT_CPU: 0,
  RLIMIT_FSIZE: 1,
  RLIMIT_DATA: 2,
  RLIMIT_STACK: 3,
  RLIMIT_CORE: 4,
  RLIMIT_RSS: 5,
  RLIMIT_NPROC: 6,
  RLIMIT_NOFILE: 7,
  RLIMIT_MEMLOCK: 8,
  RLIMIT_AS: 9,
  RLIMIT_LOCKS: 10,
  RLIMIT_SIGPENDING: 11,
  RLIMIT_MSGQUEUE: 12,
  RLIMIT_NICE: 13,
  RLIMIT_RTPRIO: 14,
  RLIMIT_RTTIME: 15,
};

export function appendRlimits(program: SyscallProgram, rlimits: readonly PosixRlimit[]): void {
  for (const [index, { type, soft, hard }] of rlimits.entries()) {
    const limit = Buffer.alloc(16);
    limit.writeBigUInt64LE(BigInt.asUintN(64, BigInt(soft)), 0);
    limit.writeBigUInt64LE(BigInt.asUintN(64, BigInt(hard)), 8);
    const shown = bytes(limit, `{${type} soft=${soft}, hard=${hard}}`);
    program.call('prlimit64', [0, RLIMITS[type], shown, null], {
      source: `/process/rlimits/${index}`,
    });
  }
}

const POLICIES: Readonly<Record<SchedulerPolicy, number>> = {
  SCHED_OTHER: 0,
  SCHED_FIFO: 1,
  SCHED_RR: 2,
  SCHED_BATCH: 3,
  SCHED_ISO: 4,
  SCHED_IDLE: 5,
  SCHED_DEADLINE: 6,
};

/** `struct sched_attr` of sched_setattr(2), 56 bytes; times in nanoseconds. */
export function appendScheduler(program: SyscallProgram, scheduler: Scheduler | undefined): void {
  if (scheduler === undefined) return;
  const attr = Buffer.alloc(56);
  attr.writeUInt32LE(56, 0);
  attr.writeUInt32LE(POLICIES[scheduler.policy], 4);
  const flags = (scheduler.flags ?? []).reduce(
    (all, flag) => all | (1 << SCHEDULER_FLAGS.indexOf(flag)),
    0,
  );
  attr.writeBigUInt64LE(BigInt(flags), 8);
  attr.writeInt32LE(scheduler.nice ?? 0, 16);
  attr.writeUInt32LE(scheduler.priority ?? 0, 20);
  attr.writeBigUInt64LE(BigInt(scheduler.runtime ?? 0), 24);
  attr.writeBigUInt64LE(BigInt(scheduler.deadline ?? 0), 32);
  attr.writeBigUInt64LE(BigInt(scheduler.period ?? 0), 40);
  const shown = bytes(
    attr,
    JSON.stringify(scheduler, (_, value: unknown) =>
      typeof value === 'bigint' ? Number(value) : value,
    ),
  );
  program.call('sched_setattr', [0, shown, 0], { source: '/process/scheduler' });
}

/** `ioprio_set(IOPRIO_WHO_PROCESS, self, class << 13 | priority)`. */
export function appendIoPriority(
  program: SyscallProgram,
  ioPriority: IOPriority | undefined,
): void {
  if (ioPriority === undefined) return;
  const ioClass = IO_PRIORITY_CLASSES.indexOf(ioPriority.class) + 1;
  const value = (ioClass << 13) | (ioPriority.priority ?? 0);
  program.call('ioprio_set', [1, 0, value], { source: '/process/ioPriority' });
}

/** `personality(2)`: PER_LINUX or PER_LINUX32. */
export function appendPersonality(
  program: SyscallProgram,
  personality: LinuxPersonality | undefined,
): void {
  if (personality === undefined) return;
  const domain = personality.domain === 'LINUX32' ? 0x0008 : 0;
  program.call('personality', [domain], { source: '/linux/personality' });
}

/** Kernel numbers of the modes of set_mempolicy(2), in the order of OCI's names. */
const MEMORY_MODES: Readonly<Record<LinuxMemoryPolicy['mode'], number>> = {
  MPOL_DEFAULT: 0,
  MPOL_PREFERRED: 1,
  MPOL_BIND: 2,
  MPOL_INTERLEAVE: 3,
  MPOL_LOCAL: 4,
  MPOL_PREFERRED_MANY: 5,
  MPOL_WEIGHTED_INTERLEAVE: 6,
};

const MEMORY_FLAGS = {
  MPOL_F_STATIC_NODES: 1 << 15,
  MPOL_F_RELATIVE_NODES: 1 << 14,
  MPOL_F_NUMA_BALANCING: 1 << 13,
} as const;

export function appendMemoryPolicy(
  program: SyscallProgram,
  policy: LinuxMemoryPolicy | undefined,
): void {
  if (policy === undefined) return;
  const flags = (policy.flags ?? []).reduce((all, flag) => all | MEMORY_FLAGS[flag], 0);
  const nodes =
    policy.nodes === undefined || policy.nodes === '' ? undefined : nodeMask(policy.nodes);
  const mask = nodes === undefined ? null : bytes(nodes, `{nodes ${policy.nodes ?? ''}}`);
  const maxNode = nodes === undefined ? 0 : nodes.length * 8;
  program.call('set_mempolicy', [MEMORY_MODES[policy.mode] | flags, mask, maxNode], {
    source: '/linux/memoryPolicy',
  });
}

/** `0-3` or `1` → a bitmask of 128 bytes, as for 1024 nodes. */
function nodeMask(list: string): Uint8Array {
  return bitMask(list, 128);
}

/** `sched_setaffinity(2)` of the calling process to a list such as `0-3,7`. */
export function appendAffinity(program: SyscallProgram, list: string, source: string): void {
  const mask = bitMask(list, 128);
  program.call('sched_setaffinity', [0, mask.length, bytes(mask, `{CPUs ${list}}`)], { source });
}

function bitMask(list: string, size: number): Uint8Array {
  const mask = new Uint8Array(size);
  for (const [first, last] of parseNumberList(list) ?? []) {
    for (let bit = first; bit <= last && bit < size * 8; bit += 1) {
      mask[bit >> 3] = (mask[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  return mask;
}
