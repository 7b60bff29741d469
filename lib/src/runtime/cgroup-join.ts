/** How the container's process gets into its cgroups: by a write in each, or by being born there. */
import { posix } from 'node:path';

export interface CgroupJoin {
  /** Files into which the process writes "0". */
  readonly cgroupFiles: readonly string[];
  /** A version 2 cgroup for clone3(2). */
  readonly intoCgroup: string | undefined;
}

/**
 * Splits the join files of a cgroup. Pure.
 *
 * @param mayBeBorn false when the fork happens in another user namespace, whose root may not write
 *   to the cgroup.
 */
export function planJoin(files: readonly string[], mayBeBorn: boolean): CgroupJoin {
  const isVersion2 = (file: string): boolean => posix.basename(file) === 'cgroup.procs';
  const version2 = files.find(isVersion2);
  if (!mayBeBorn || version2 === undefined) return { cgroupFiles: files, intoCgroup: undefined };
  return {
    cgroupFiles: files.filter((file) => !isVersion2(file)),
    intoCgroup: posix.dirname(version2),
  };
}
