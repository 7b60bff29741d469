/**
 * RDMA: handles and objects of a host channel adapter.
 *
 * Same file in both versions: "DEVICE hca_handle=N hca_object=N" into rdma.max.
 * Spec: config-linux.md "RDMA"; kernel: cgroup-v1/rdma.rst.
 */
import type { LinuxRdma } from '../../oci/index.ts';
import type { CgroupHost } from '../host.ts';
import type { FileWrite } from '../write.ts';
import { RESOURCES, asWrites, requireController } from './setting.ts';

const POINTER = `${RESOURCES}/rdma`;

/** One write a device. Pure; errors as in `planResources`. */
export function planRdma(host: CgroupHost, rdma: Record<string, LinuxRdma>): FileWrite[] {
  return Object.entries(rdma).flatMap(([device, { hcaHandles, hcaObjects }]) => {
    const parts = [device];
    if (hcaHandles !== undefined) parts.push(`hca_handle=${hcaHandles}`);
    if (hcaObjects !== undefined) parts.push(`hca_object=${hcaObjects}`);
    if (parts.length === 1) return [];
    const at = requireController(host, `${POINTER}/${device}`, 'rdma');
    return asWrites(at, POINTER, [{ from: device, file: 'rdma.max', value: parts.join(' ') }]);
  });
}
