// Looking at a container from outside: through /proc/PID and the cgroup tree.

import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Box } from './box.ts';

/** Polls until `condition` holds or `limit` milliseconds have passed; answers whether it held. */
export async function waitUntil(condition: () => boolean, limit: number): Promise<boolean> {
  const end = Date.now() + limit;
  while (!condition()) {
    if (Date.now() > end) return false;
    await sleep(5);
  }
  return true;
}

/** True when the process is gone or a zombie. */
export function hasExited(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return true;
  }
}

/** Identity of a process's namespace, as `pid:[4026531836]`. `self` is the suite. */
export function namespaceOf(pid: number | 'self', kind: string): string {
  return readlinkSync(`/proc/${pid}/ns/${kind}`);
}

/** A field of /proc/PID/status, as `CapEff` or `Uid`, with blanks collapsed. */
export function status(pid: number | 'self', field: string): string {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const value = new RegExp(`^${field}:[ \\t]*(.*)$`, 'm').exec(text)?.[1] ?? '(absent)';
  return value.trim().replaceAll(/\s+/g, ' ');
}

/** Folder of the case's container in a controller's v1 hierarchy, or in the only one of v2. */
export function cgroupFolder(box: Box, controller: string, path = box.cgroup): string {
  const hierarchy = box.host.cgroups === 'v2' ? '' : `/${controller}`;
  return `/sys/fs/cgroup${hierarchy}${path}`;
}

/** Trimmed content of a file of the container's cgroup, or `(absent)`. */
export function cgroupFile(box: Box, controller: string, file: string): string {
  const path = `${cgroupFolder(box, controller)}/${file}`;
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '(absent)';
}
