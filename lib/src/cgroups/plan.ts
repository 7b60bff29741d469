/**
 * `linux.resources` as the list of writes that make it true on a host. Pure: it opens nothing.
 *
 * The order is that of the list, and matters in three places: a cpuset before any process joins,
 * `unified` last so that it has the last word, and devices early, so that what fails later fails
 * with the devices already closed.
 */
import type { LinuxResources } from '../oci/index.ts';
import { planCpu } from './controllers/cpu.ts';
import { planCpuset } from './controllers/cpuset.ts';
import { planDevices } from './controllers/devices.ts';
import { planHugetlb } from './controllers/hugetlb.ts';
import { planIo } from './controllers/io.ts';
import { planMemory } from './controllers/memory.ts';
import { planNetwork } from './controllers/network.ts';
import { planPids } from './controllers/pids.ts';
import { planRdma } from './controllers/rdma.ts';
import { planUnified } from './controllers/unified.ts';
import type { CgroupHost } from './host.ts';
import type { CgroupWrite } from './write.ts';

/** What a plan includes. */
export interface PlanOptions {
  /**
   * `apply` (the default, for create) closes every device but the rules' and the usual ones, also
   * when there are no rules. `skip` leaves devices alone: for an update, as with runc, and for a
   * runtime without root, which the kernel lets make no nodes and set no rules.
   */
  readonly devices?: 'apply' | 'skip';
}

/**
 * Plans `resources` for `host`.
 *
 * Errors, each with the JSON pointer of the culprit: `CGROUP_NO_CONTROLLER` (asked for, and not on
 * this host), `CGROUP_UNSUPPORTED` (cannot be said in this version), `CGROUP_INVALID` (no kernel
 * would take it). Spec: config-linux.md, "Control groups".
 */
export function planResources(
  host: CgroupHost,
  resources: LinuxResources = {},
  options: PlanOptions = {},
): CgroupWrite[] {
  const { memory, cpu, pids, blockIO, hugepageLimits, network, rdma, unified } = resources;
  return [
    ...(options.devices === 'skip' ? [] : planDevices(host, resources.devices)),
    ...(cpu ? planCpuset(host, cpu) : []),
    ...(memory ? planMemory(host, memory) : []),
    ...(cpu ? planCpu(host, cpu) : []),
    ...(pids ? planPids(host, pids) : []),
    ...(blockIO ? planIo(host, blockIO) : []),
    ...(hugepageLimits ? planHugetlb(host, hugepageLimits) : []),
    ...(network ? planNetwork(host, network) : []),
    ...(rdma ? planRdma(host, rdma) : []),
    ...(unified ? planUnified(host, unified) : []),
  ];
}
