/**
 * Where a further process of a container goes on version 2.
 *
 * A container may divide its own cgroup; systemd does so as soon as it runs. From then on no process
 * may be in the top of it (cgroups(7), "no internal processes"), so the newcomer goes where the
 * container's first process has gone.
 */
import { posix } from 'node:path';
import { readOptional } from './files.ts';
import type { Hierarchy } from './host.ts';

/** The container's own directory, or one below it: that of process `pid`. */
export function joinDirectory(hierarchy: Hierarchy, directory: string, pid: number): string {
  if ((readOptional(`${directory}/cgroup.subtree_control`) ?? '') === '') return directory;
  const own = /^0::(.*)$/m.exec(readOptional(`/proc/${pid}/cgroup`) ?? '')?.[1] ?? '/';
  const found = posix.join(hierarchy.mountpoint, posix.relative(hierarchy.root, own));
  return found.startsWith(`${directory}/`) ? found : directory;
}
