/**
 * Marks on a container's packets: a traffic class (net_cls), priorities by interface (net_prio).
 *
 * Version 1 only; on version 2 a firewall matches the cgroup itself (`meta cgroup`, `socket
 * cgroupv2`), so there is nothing to convert to. Spec: config-linux.md "Network".
 */
import type { LinuxNetwork } from '../../oci/index.ts';
import { unsupported } from '../errors.ts';
import type { CgroupHost } from '../host.ts';
import type { FileWrite } from '../write.ts';
import { RESOURCES, asWrites, asked, requireController } from './setting.ts';

const POINTER = `${RESOURCES}/network`;

/** Class and priorities. Pure; errors as in `planResources`. */
export function planNetwork(host: CgroupHost, network: LinuxNetwork): FileWrite[] {
  const classID = asked(network.classID);
  const priorities = network.priorities ?? [];
  const writes: FileWrite[] = [];
  if (classID !== undefined) {
    const at = locate(host, 'net_cls', `${POINTER}/classID`);
    const setting = { from: 'classID', file: 'net_cls.classid', value: String(classID) };
    writes.push(...asWrites(at, POINTER, [setting]));
  }
  for (const [index, { name, priority }] of priorities.entries()) {
    const from = `priorities/${index}`;
    const at = locate(host, 'net_prio', `${POINTER}/${from}`);
    const setting = { from, file: 'net_prio.ifpriomap', value: `${name} ${priority}` };
    writes.push(...asWrites(at, POINTER, [setting]));
  }
  return writes;
}

function locate(
  host: CgroupHost,
  name: string,
  source: string,
): ReturnType<typeof requireController> {
  if (host.kind === 'v2') {
    throw unsupported(source, name, `cgroup version 2 has no ${name} controller`);
  }
  return requireController(host, source, name);
}
