/**
 * Limits as systemd must know them, or it would undo them.
 *
 * systemd writes the files of its units again whenever it finds reason to (`daemon-reload`, a change
 * of a neighbour), from the properties it was told. So each planned write of a version 2 file that
 * systemd manages is translated into the property that makes systemd write the same; as a write is
 * planned for OCI's words and for `unified` alike, the two can never disagree. Files that systemd
 * does not know it leaves alone: those are ours alone. systemd.resource-control(5). Pure.
 */
import type { LinuxResources } from '../../oci/index.ts';
import type { CgroupWrite } from '../write.ts';
import { cpuMax } from './cpu-quota.ts';
import { listToBits } from './cpu-list.ts';
import { count, INFINITY, lastOfEach, type UnitProperty } from './property.ts';

/**
 * The properties for `writes`, as far as systemd of this version has them.
 *
 * @param resources what the writes were planned from.
 */
export function translateWrites(
  writes: readonly CgroupWrite[],
  resources: LinuxResources,
  version: number,
): UnitProperty[] {
  const properties = writes.flatMap((write) => {
    if (write.version !== 2 || 'program' in write) return [];
    return translate(write, version) ?? (write.orElse && translate(write.orElse, version)) ?? [];
  });
  const wanted = lastOfEach(properties).filter(
    ({ name }) => name !== PERIOD || asksPeriod(resources),
  );
  const idle = properties.find(({ name, value }) => name === 'CPUWeight' && value === IDLE);
  // An idle cgroup has no weight of its own, in whichever order the two were given.
  return idle === undefined ? wanted : [...wanted.filter(({ name }) => name !== 'CPUWeight'), idle];
}

function translate(
  { file, value }: { readonly file: string; readonly value: string },
  version: number,
): UnitProperty[] | undefined {
  return TRANSLATIONS[file]?.(value.trim(), version);
}

const PERIOD = 'CPUQuotaPeriodUSec';
/** `CPUWeight=idle`. */
const IDLE = 0n;

/** cpu.max always has a period, if only the kernel's own, which systemd need not be told. */
function asksPeriod({ cpu, unified }: LinuxResources): boolean {
  return Number(cpu?.period ?? 0) !== 0 || unified?.['cpu.max'] !== undefined;
}

type Translation = (value: string, version: number) => UnitProperty[] | undefined;

/** By file; undefined for a value that only the kernel can judge. */
const TRANSLATIONS: Readonly<Record<string, Translation>> = {
  'memory.max': amount('MemoryMax'),
  'memory.high': amount('MemoryHigh'),
  'memory.low': amount('MemoryLow'),
  'memory.min': amount('MemoryMin'),
  'memory.swap.max': amount('MemorySwapMax'),
  'memory.zswap.max': since(253, amount('MemoryZSwapMax')),
  'pids.max': (value) => amount('TasksMax')(value === '0' ? '1' : value, 0),
  'cpu.weight': amount('CPUWeight'),
  'cpu.idle': since(252, (value) => (value === '1' ? [count('CPUWeight', IDLE)] : undefined)),
  'cpu.max': (value, version) =>
    cpuMax(value)?.filter(({ name }) => name !== PERIOD || version >= 242),
  'cpuset.cpus': since(244, bits('AllowedCPUs')),
  'cpuset.mems': since(244, bits('AllowedMemoryNodes')),
  'io.weight': weight,
};

/** Bytes, with the kernel's suffixes, or a number; `max` is no limit. */
function amount(name: string): Translation {
  return (value) => {
    if (value === 'max') return [count(name, INFINITY)];
    const match = /^(\d+)([KMGTPE]?)$/i.exec(value);
    if (match === null) return undefined;
    const shift = BigInt('KMGTPE'.indexOf((match[2] ?? '').toUpperCase() || 'none') + 1) * 10n;
    return [count(name, BigInt(match[1] ?? 0) << shift)];
  };
}

function bits(name: string): Translation {
  return (value) => {
    const mask = listToBits(value);
    return mask === undefined ? undefined : [{ name, signature: 'ay', value: mask }];
  };
}

/** The weight for all devices; those of single ones systemd leaves alone. */
function weight(value: string): UnitProperty[] | undefined {
  const match = /^(?:default\s+)?(\d+)$/.exec(value);
  return match === null ? undefined : [count('IOWeight', BigInt(match[1] ?? 0))];
}

/** A property that older versions would refuse, and with it the whole unit. */
function since(first: number, translation: Translation): Translation {
  return (value, version) => (version < first ? undefined : translation(value, version));
}
