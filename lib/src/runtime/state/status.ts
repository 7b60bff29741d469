/** What a container is doing now (runtime.md, "State"), read from the kernel each time. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerStatus, isInitAlive, parseProcess } from '#parts/runtime/status.ts';
import { openCgroup, type CgroupHost } from '../../cgroups/index.ts';
import type { ContainerStatus } from '../../oci/index.ts';
import { hasCode } from '../../sys/index.ts';
import type { ProcessInfo } from './observed.ts';
import { START_SOCKET, type ContainerRecord, type Store } from './store.ts';

/** @param host where the freezer is, to tell `paused`. */
export function statusOf(store: Store, record: ContainerRecord, host: CgroupHost): ContainerStatus {
  return containerStatus(record, {
    process: initOf(record),
    isFrozen: () => isFrozen(record, host),
    awaitsStart: () => existsSync(join(store.directory(record.id), START_SOCKET)),
  });
}

/** Whether the container's first process still runs. */
export function isAlive(record: ContainerRecord): boolean {
  return isInitAlive(record, initOf(record));
}

/** `undefined` when there is no such process. */
export function readProcess(pid: number): ProcessInfo | undefined {
  try {
    return parseProcess(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}

function initOf({ init }: ContainerRecord): ProcessInfo | undefined {
  return init === undefined ? undefined : readProcess(init.pid);
}

function isFrozen({ cgroupPaths }: ContainerRecord, host: CgroupHost): boolean {
  if (Object.keys(cgroupPaths).length === 0) return false;
  return openCgroup(host, cgroupPaths).isFrozen();
}
