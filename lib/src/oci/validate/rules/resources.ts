/** Limits that contradict each other, or that no cgroup can hold. */
import type { RuntimeConfig } from '../../config.ts';
import { parseNumberList } from '../../number-list.ts';
import type { LinuxResources } from '../../resources.ts';
import { pointerTo } from '../../schema/check.ts';
import type { Report } from '../problem.ts';
import { checkInterfaceName } from './devices.ts';
import type { Rule } from './rule.ts';

const AT = '/linux/resources';

export const resourceRules: readonly Rule[] = [
  rule('memory', checkMemory),
  rule('cpu', checkCpu),
  rule('blockIO', checkBlockIO),
  rule('network', checkNetwork),
  rule('rdma', checkRdma),
  rule('unified', checkUnified),
];

function rule(
  part: keyof LinuxResources,
  check: (resources: LinuxResources, report: Report) => void,
): Rule {
  return {
    reads: [`${AT}/${part}`],
    check: ({ linux }: RuntimeConfig, report) => check(linux?.resources ?? {}, report),
  };
}

function checkMemory({ memory = {} }: LinuxResources, report: Report): void {
  const { limit, swap, kernel } = memory;
  const bothLimited = limit !== undefined && limit > 0 && swap !== undefined && swap > 0;
  if (bothLimited && swap < limit) {
    const next = 'Swap counts memory and swap together: raise it, or set -1.';
    report.error(`${AT}/memory/swap`, swap, `at least the memory limit, ${limit}`, next);
  }
  if (kernel !== undefined && kernel >= 0) {
    const next = 'It is ignored: kernels since 5.4 count such memory in "limit".';
    report.warn(`${AT}/memory/kernel`, kernel, 'left out', next);
  }
}

function checkCpu({ cpu = {} }: LinuxResources, report: Report): void {
  const { quota, burst } = cpu;
  if (quota !== undefined && burst !== undefined && quota > 0 && burst > quota) {
    const next = 'Lower the burst or raise the quota.';
    report.error(`${AT}/cpu/burst`, burst, `at most the quota, ${quota}`, next);
  }
  for (const field of ['cpus', 'mems'] as const) {
    const list = cpu[field];
    if (list !== undefined && parseNumberList(list) === undefined) {
      const next = 'Write numbers and rising ranges, separated by commas.';
      report.error(`${AT}/cpu/${field}`, list, 'a list such as "0-3,7"', next);
    }
  }
}

function checkBlockIO({ blockIO }: LinuxResources, report: Report): void {
  for (const [index, device] of (blockIO?.weightDevice ?? []).entries()) {
    if (device.weight !== undefined || device.leafWeight !== undefined) continue;
    const next = 'Add "weight", "leafWeight" or both.';
    report.error(`${AT}/blockIO/weightDevice/${index}`, {}, 'an object with a weight', next);
  }
}

function checkNetwork({ network }: LinuxResources, report: Report): void {
  for (const [index, { name }] of (network?.priorities ?? []).entries()) {
    checkInterfaceName(name, `${AT}/network/priorities/${index}/name`, report);
  }
}

function checkRdma({ rdma = {} }: LinuxResources, report: Report): void {
  for (const [device, limits] of Object.entries(rdma)) {
    if (limits.hcaHandles !== undefined || limits.hcaObjects !== undefined) continue;
    const next = 'Add "hcaHandles", "hcaObjects" or both.';
    report.error(pointerTo(`${AT}/rdma`, device), {}, 'an object with a limit', next);
  }
}

/** The key becomes a file name below the container's cgroup: it must not lead out of it. */
function checkUnified({ unified = {} }: LinuxResources, report: Report): void {
  for (const file of Object.keys(unified)) {
    if (/^[^/.]+\.[^/]+$/.test(file)) continue;
    const next = 'Write the controller, a dot and the setting, such as "memory.high".';
    const at = pointerTo(`${AT}/unified`, file);
    report.error(at, file, 'a key that names a file of a cgroup', next);
  }
}
