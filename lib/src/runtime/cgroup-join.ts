import { posix } from 'node:path';
import type { CgroupPlaces, NamespacePlan } from '../namespaces/index.ts';

/** The process waits until its parent has put it into its cgroup. */
export const BY_PARENT: CgroupPlaces = { files: [], into: undefined, byParent: true };

/**
 * Whether the process enters somebody else's cgroup namespace. From in there it gets into no cgroup
 * outside of it, where the hierarchy is mounted with `nsdelegate` (ENOENT; cgroups(7)).
 */
export function joinsCgroupNamespace({ join }: NamespacePlan): boolean {
  return join.some(({ kind }) => kind.type === 'cgroup');
}

/**
 * How the container's process gets into its cgroups: by a write in each, or by being born in one.
 *
 * @param files the join files of a cgroup.
 * @param mayBeBorn false when the fork happens in another user namespace, whose root may not write
 *   to the cgroup.
 */
export function planJoin(files: readonly string[], mayBeBorn: boolean): CgroupPlaces {
  const isVersion2 = (file: string): boolean => posix.basename(file) === 'cgroup.procs';
  const version2 = files.find(isVersion2);
  if (!mayBeBorn || version2 === undefined) return { files, into: undefined };
  return { files: files.filter((file) => !isVersion2(file)), into: posix.dirname(version2) };
}
