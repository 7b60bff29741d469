/**
 * Block devices: a weight among rivals, and hard ceilings a device.
 *
 * v1 (`blkio`): weights 10–1000, one throttle file for each direction and unit.
 * v2 (`io`): io.weight 1–10000, or io.bfq.weight 1–1000 where the BFQ scheduler is in charge; all
 * four ceilings in io.max. Spec: config-linux.md "Block IO".
 */
import type { LinuxBlockIO } from '../../oci/index.ts';
import { unsupported } from '../errors.ts';
import type { CgroupHost } from '../host.ts';
import type { FileWrite } from '../write.ts';
import { RESOURCES, asWrites, requireController } from './setting.ts';
import type { Setting } from './setting.ts';

const POINTER = `${RESOURCES}/blockIO`;

const THROTTLES = [
  ['throttleReadBpsDevice', 'blkio.throttle.read_bps_device', 'rbps'],
  ['throttleWriteBpsDevice', 'blkio.throttle.write_bps_device', 'wbps'],
  ['throttleReadIOPSDevice', 'blkio.throttle.read_iops_device', 'riops'],
  ['throttleWriteIOPSDevice', 'blkio.throttle.write_iops_device', 'wiops'],
] as const;

/** Weights and ceilings; a weight of 0 is "not asked for". Pure; errors as in `planResources`. */
export function planIo(host: CgroupHost, io: LinuxBlockIO): FileWrite[] {
  const wanted =
    (io.weight ?? 0) !== 0 ||
    (io.leafWeight ?? 0) !== 0 ||
    (io.weightDevice ?? []).length > 0 ||
    THROTTLES.some(([from]) => (io[from] ?? []).length > 0);
  if (!wanted) return [];
  const at = requireController(host, POINTER, 'blkio', 'io');
  const weights = at.version === 1 ? versionOneWeights(io) : versionTwoWeights(io);
  return asWrites(at, POINTER, [...weights, ...throttles(io, at.version)]);
}

/** BFQ's files since Linux 5.0, CFQ's before. */
function versionOneWeights(io: LinuxBlockIO): Setting[] {
  const settings: Setting[] = [];
  const weight = (from: string, name: string, value: string): void => {
    const orElse = { file: `blkio.${name}`, value };
    settings.push({ from, file: `blkio.bfq.${name}`, value, orElse });
  };
  if (io.weight) weight('weight', 'weight', String(io.weight));
  if (io.leafWeight) {
    const value = String(io.leafWeight);
    settings.push({ from: 'leafWeight', file: 'blkio.leaf_weight', value });
  }
  for (const [index, device] of (io.weightDevice ?? []).entries()) {
    const from = `weightDevice/${index}`;
    const name = `${device.major}:${device.minor}`;
    if (device.weight) weight(from, 'weight_device', `${name} ${device.weight}`);
    if (device.leafWeight) {
      const value = `${name} ${device.leafWeight}`;
      settings.push({ from, file: 'blkio.leaf_weight_device', value });
    }
  }
  return settings;
}

function versionTwoWeights(io: LinuxBlockIO): Setting[] {
  const settings: Setting[] = [];
  const weight = (from: string, prefix: string, value: number): void => {
    const orElse = { file: 'io.weight', value: `${prefix}${blkioWeightToIoWeight(value)}` };
    settings.push({ from, file: 'io.bfq.weight', value: `${prefix}${value}`, orElse });
  };
  const leaf = (from: string): never => {
    throw unsupported(`${POINTER}/${from}`, 'io', 'cgroup version 2 has no leaf weights');
  };
  if (io.leafWeight) leaf('leafWeight');
  if (io.weight) weight('weight', '', io.weight);
  for (const [index, device] of (io.weightDevice ?? []).entries()) {
    if (device.leafWeight) leaf(`weightDevice/${index}/leafWeight`);
    if (!device.weight) continue;
    weight(`weightDevice/${index}`, `${device.major}:${device.minor} `, device.weight);
  }
  return settings;
}

function throttles(io: LinuxBlockIO, version: 1 | 2): Setting[] {
  return THROTTLES.flatMap(([from, file, key]) =>
    (io[from] ?? []).map((device, index) => {
      const name = `${device.major}:${device.minor}`;
      const at = { from: `${from}/${index}` };
      return version === 1
        ? { ...at, file, value: `${name} ${device.rate}` }
        : { ...at, file: 'io.max', value: `${name} ${key}=${device.rate || 'max'}` };
    }),
  );
}

/** 10–1000 onto 1–10000, linear, as OCI runtimes agree. */
export function blkioWeightToIoWeight(weight: number): number {
  return 1 + Math.floor(((weight - 10) * 9999) / 990);
}
