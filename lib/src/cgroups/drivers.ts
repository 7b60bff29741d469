/** Which of the two managers a container has: chosen when it is made, found in its record later. */
import { openCgroupfs, planCgroupfs } from './cgroupfs.ts';
import type { CgroupHost } from './host.ts';
import type { CgroupManager, CgroupRequest, SavedCgroup } from './manager.ts';
import { openSystemd, planSystemd } from './systemd/driver.ts';

/** The names are those that engines use. */
export type CgroupDriver = 'cgroupfs' | 'systemd';

/** The manager of a container that is to be made. Errors: those of the driver's plan. */
export function planCgroup(
  driver: CgroupDriver,
  host: CgroupHost,
  request: CgroupRequest,
): CgroupManager {
  return driver === 'systemd' ? planSystemd(host, request) : planCgroupfs(host, request);
}

/** The manager of a container that is there, whatever driver its maker had. */
export function openManager(host: CgroupHost, saved: SavedCgroup): CgroupManager {
  const { cgroupPaths, systemd } = saved;
  return systemd === undefined
    ? openCgroupfs(host, cgroupPaths)
    : openSystemd(host, cgroupPaths, systemd);
}
