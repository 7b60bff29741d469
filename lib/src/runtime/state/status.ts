/** What a container is doing now (runtime.md, "State"), read from the kernel each time. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCgroup, type CgroupHost } from '../../cgroups/index.ts';
import type { ContainerStatus } from '../../oci/index.ts';
import { hasCode } from '../../sys/index.ts';
import { START_SOCKET, type ContainerRecord, type Store } from './store.ts';

/** A process in `/proc/PID/stat`. */
export interface ProcessInfo {
  /** One letter, `Z` for a zombie (proc(5)). */
  readonly state: string;
  /** In clock ticks since boot: tells a process from a later one with the same PID. */
  readonly startTime: string;
}

/** `undefined` when there is no such process. */
export function readProcess(pid: number): ProcessInfo | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name, is in parentheses and may itself have some, and spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startTime: fields[19] ?? '' };
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}

/** Whether the container's first process still runs. */
export function isAlive({ init }: ContainerRecord): boolean {
  if (init === undefined) return false;
  const info = readProcess(init.pid);
  return (
    info !== undefined &&
    info.startTime === init.startTime &&
    info.state !== 'Z' &&
    info.state !== 'X'
  );
}

/** @param host where the freezer is, to tell `paused`. */
export function statusOf(store: Store, record: ContainerRecord, host: CgroupHost): ContainerStatus {
  if (!isAlive(record))
    return record.complete || record.init !== undefined ? 'stopped' : 'creating';
  if (isPaused(record, host)) return 'paused';
  if (!record.complete) return 'creating';
  return existsSync(join(store.directory(record.id), START_SOCKET)) ? 'created' : 'running';
}

function isPaused({ cgroupPaths }: ContainerRecord, host: CgroupHost): boolean {
  if (Object.keys(cgroupPaths).length === 0) return false;
  return openCgroup(host, cgroupPaths).isFrozen();
}
