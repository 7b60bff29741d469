/** Device nodes: where they are and which they are; and network devices, which have no node. */
import type { RuntimeConfig } from '../../config.ts';
import { pointerTo } from '../../schema/check.ts';
import type { Report } from '../problem.ts';
import { hasNamespace } from './rule.ts';
import type { Rule } from './rule.ts';

export const deviceRules: readonly Rule[] = [
  { reads: ['/linux/devices'], check: checkDevices },
  { reads: ['/linux/netDevices', '/linux/namespaces'], check: checkNetDevices },
];

function checkDevices({ linux }: RuntimeConfig, report: Report): void {
  for (const [index, device] of (linux?.devices ?? []).entries()) {
    const at = `/linux/devices/${index}`;
    if (!device.path.startsWith('/')) {
      const next = 'Begin it with "/", such as "/dev/fuse".';
      report.error(`${at}/path`, device.path, 'an absolute path', next);
    }
    if (device.type === 'p') continue;
    for (const number of ['major', 'minor'] as const) {
      if (device[number] !== undefined) continue;
      const next = `Add "${number}"; "ls -l" shows both numbers of a device.`;
      report.error(`${at}/${number}`, undefined, `a number for type ${device.type}`, next);
    }
  }
}

function checkNetDevices(config: RuntimeConfig, report: Report): void {
  const devices = Object.entries(config.linux?.netDevices ?? {});
  if (devices.length > 0 && !hasNamespace(config, 'network')) {
    const next = 'Add {"type": "network"} to /linux/namespaces.';
    report.error('/linux/netDevices', {}, 'absent without a network namespace', next);
  }
  for (const [name, device] of devices) {
    const at = pointerTo('/linux/netDevices', name);
    checkInterfaceName(name, at, report);
    if (device.name !== undefined) checkInterfaceName(device.name, `${at}/name`, report);
  }
}

/** IFNAMSIZ of linux/if.h, less the NUL at the end. */
const LONGEST_INTERFACE_NAME = 15;

/** dev_valid_name of the kernel: no slash, no colon, no white space, not a directory's name. */
export function checkInterfaceName(name: string, at: string, report: Report): void {
  const { length } = Buffer.from(name);
  const wrong = length === 0 || length > LONGEST_INTERFACE_NAME || /[/:\s]/.test(name);
  if (wrong || name === '.' || name === '..') {
    const allowed = `a name of 1 to ${LONGEST_INTERFACE_NAME} bytes without "/", ":" and spaces`;
    report.error(at, name, allowed, 'Use a name as "ip link" shows them.');
  }
}
