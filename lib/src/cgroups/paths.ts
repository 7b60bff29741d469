/**
 * Where a container's cgroup is: one directory a hierarchy, worked out from `linux.cgroupsPath`
 * (parts/paths.ts). dockerd passes `/docker/ID`, containerd `/NAMESPACE/ID`, podman
 * `/libpod_parent/libpod-ID`. Spec: config-linux.md, "Cgroups Path".
 */
import { CgroupError } from './errors.ts';

/** Directories by controller name (version 1, `name=systemd`) or `''` (version 2); survives JSON. */
export type CgroupPaths = Record<string, string>;

const SOURCE = '/linux/cgroupsPath';

/** `CGROUP_INVALID` for a path that no container may have. `why` goes on after the path: "holds …". */
export function pathError(value: string, why: string): CgroupError {
  const message = `${SOURCE}: ${JSON.stringify(value)} ${why}`;
  return new CgroupError('CGROUP_INVALID', message, { value, source: SOURCE });
}
