/**
 * Gives a container its own version 2 cgroup to manage, and nothing more.
 *
 * Only the directory and the files that the kernel lists as safe change owner: with any other file
 * the container could raise its own limits. Version 1 cannot be delegated safely and is left
 * alone. Spec: config-linux.md "Cgroup ownership"; cgroups(7) "Delegation".
 */
import { chownSync } from 'node:fs';
import { errnoOf } from './errors.ts';
import { readOptional } from './files.ts';
import type { CgroupPaths } from './paths.ts';

/** For kernels before 4.15, which have no list. */
const FALLBACK = ['cgroup.procs', 'cgroup.subtree_control', 'cgroup.threads'];

/** The files that may change owner, from the text of /sys/kernel/cgroup/delegate. Pure. */
export function delegatedFiles(list: string | undefined): string[] {
  return list === undefined ? FALLBACK : list.split('\n').filter((name) => name !== '');
}

/**
 * Makes host user `uid` the owner. To be called only when the container has its own cgroup
 * namespace and mounts the hierarchy read-write. Errors: Node's, from chown(2).
 */
export function delegateCgroup(paths: CgroupPaths, uid: number): void {
  const directory = paths[''];
  if (directory === undefined || Object.keys(paths).length > 1) return;
  const keepGroup = -1;
  const list = readOptional('/sys/kernel/cgroup/delegate');
  chownSync(directory, uid, keepGroup);
  for (const name of delegatedFiles(list)) {
    try {
      chownSync(`${directory}/${name}`, uid, keepGroup);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
}
