/** The folders of all hierarchies of control groups, version 1 and 2. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { entries } from './folders.ts';

/** Every cgroup below /sys/fs/cgroup, parents before children. */
export function cgroupFolders(top = '/sys/fs/cgroup'): string[] {
  return entries(top, 'folders').flatMap((name) => {
    const folder = path.join(top, name);
    return [folder, ...cgroupFolders(folder)];
  });
}

/** Who lives in a cgroup itself; nobody in one that is gone, or threaded. */
export function cgroupMembers(folder: string): number[] {
  try {
    const pids = readFileSync(path.join(folder, 'cgroup.procs'), 'utf8').trim();
    return pids === '' ? [] : pids.split('\n').map(Number);
  } catch {
    return [];
  }
}
