/** The flags of `update` as the resources of config-linux.md. */
import { CoracleError } from 'coracle/base';
import type { Int64, LinuxCpu, LinuxMemory, LinuxResources } from 'coracle/oci';
import type { Flag, FlagValues } from './flags.ts';
import { parseBytes, parseLong } from './numbers.ts';

export const RESOURCE_FLAGS: readonly Flag[] = [
  {
    name: 'blkio-weight',
    kind: 'whole',
    usage: 'Specifies per cgroup weight, range is from 10 to 1000',
    default: '0',
  },
  text(
    'cpu-period',
    'CPU CFS period to be used for hardcapping (in usecs). 0 to use system default',
  ),
  text('cpu-quota', 'CPU CFS hardcap limit (in usecs). Allowed cpu time in a given period'),
  text('cpu-burst', 'CPU CFS hardcap burst limit (in usecs). Allowed accumulated cpu time'),
  text('cpu-share', 'CPU shares (relative weight vs. other containers)'),
  text('cpu-rt-period', 'CPU realtime period to be used for hardcapping (in usecs)'),
  text(
    'cpu-rt-runtime',
    'CPU realtime hardcap limit (in usecs). Allowed cpu time in a given period',
  ),
  text('cpuset-cpus', 'CPU(s) to use'),
  text('cpuset-mems', 'Memory node(s) to use'),
  text('kernel-memory', 'ignored: the kernel has no such limit any more', true),
  text('kernel-memory-tcp', 'ignored: the kernel has no such limit any more', true),
  text('memory', 'Memory limit (in bytes)'),
  text('cpu-idle', 'set cgroup SCHED_IDLE or not, 0: default behavior, 1: SCHED_IDLE'),
  text('memory-reservation', 'Memory reservation or soft_limit (in bytes)'),
  text('memory-swap', "Total memory usage (memory + swap); set '-1' to enable unlimited swap"),
  {
    name: 'pids-limit',
    kind: 'whole',
    usage: 'Maximum number of pids allowed in the container',
    default: '0',
  },
  text('l3-cache-schema', 'refused: Intel RDT is not supported'),
  text('mem-bw-schema', 'refused: Intel RDT is not supported'),
];

function text(name: string, usage: string, hidden = false): Flag {
  return { name, kind: 'string', usage, hidden };
}

/** What the flags ask for; nothing of what they leave out. @throws CoracleError for a wrong value. */
export function resourcesFromFlags(flags: FlagValues): LinuxResources {
  for (const name of ['l3-cache-schema', 'mem-bw-schema']) {
    if (flags.string(name) === undefined) continue;
    throw new CoracleError('INTEL_RDT', `--${name}: Intel RDT is not supported; leave it out`);
  }
  const weight = flags.whole('blkio-weight') ?? 0;
  const pids = flags.whole('pids-limit');
  return {
    ...section('cpu', cpu(flags)),
    ...section('memory', memory(flags)),
    ...(weight !== 0 && { blockIO: { weight } }),
    ...(pids !== undefined && { pids: { limit: pids } }),
  };
}

function cpu(flags: FlagValues): LinuxCpu {
  const idle = number(flags, 'cpu-idle');
  return given({
    shares: number(flags, 'cpu-share'),
    quota: number(flags, 'cpu-quota'),
    burst: number(flags, 'cpu-burst'),
    period: number(flags, 'cpu-period'),
    realtimeRuntime: number(flags, 'cpu-rt-runtime'),
    realtimePeriod: number(flags, 'cpu-rt-period'),
    cpus: flags.string('cpuset-cpus'),
    mems: flags.string('cpuset-mems'),
    idle: idle === undefined ? undefined : Number(idle),
  });
}

/** Without a memory limit there is none of swap either, which must be said: -1 alone is refused. */
function memory(flags: FlagValues): LinuxMemory {
  const limit = bytes(flags, 'memory');
  const swap = bytes(flags, 'memory-swap');
  return given({
    limit,
    reservation: bytes(flags, 'memory-reservation'),
    swap: limit === -1 && swap === undefined ? 0 : swap,
  });
}

/** Signed where -1 means "no limit"; the others are counts. */
const SIGNED = new Set(['cpu-quota', 'cpu-rt-runtime', 'cpu-idle']);

function number(flags: FlagValues, name: string): Int64 | undefined {
  const value = flags.string(name);
  if (value === undefined) return undefined;
  const parsed = parseLong(value);
  if (parsed !== undefined && (parsed >= 0n || SIGNED.has(name))) return shortest(parsed);
  const wanted = SIGNED.has(name) ? 'a whole number' : 'a whole number, 0 or more';
  throw wrongValue(name, value, wanted);
}

function bytes(flags: FlagValues, name: string): Int64 | undefined {
  const value = flags.string(name);
  if (value === undefined) return undefined;
  if (value === '-1') return -1;
  const parsed = parseBytes(value);
  if (parsed !== undefined) return shortest(parsed);
  throw wrongValue(name, value, 'a size such as 512m or 1g, or -1 for no limit');
}

function wrongValue(name: string, value: string, wanted: string): CoracleError {
  const message = `invalid value for ${name}: ${JSON.stringify(value)}; give ${wanted}`;
  return new CoracleError('FLAG_VALUE', message);
}

/** A `number` where it is exact (Int64). */
function shortest(value: bigint): Int64 {
  const short = Number(value);
  return Number.isSafeInteger(short) ? short : value;
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the properties that are undefined: "missing" means "leave as it is". */
function given<T extends object>(values: T): Given<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Given<T>;
}

function section<K extends string, T extends object>(name: K, value: T): { [P in K]?: T } {
  const result: { [P in K]?: T } = {};
  if (Object.keys(value).length > 0) result[name] = value;
  return result;
}
