/**
 * From `linux.cgroupsPath` to one directory a hierarchy.
 *
 * An absolute path starts at each mount point: dockerd passes `/docker/ID`, containerd
 * `/NAMESPACE/ID`, podman `/libpod_parent/libpod-ID`. A relative one starts, as with runc, at the
 * cgroup this process is in; on a pure version 2 host at that cgroup's *parent*, because a cgroup
 * that holds processes may not pass controllers on to children.
 *
 * Every path is cleaned first, so that no number of `..` leads out of the hierarchy.
 * Spec: config-linux.md, "Cgroups Path".
 */
import { posix } from 'node:path';
import { CgroupError } from './errors.ts';
import type { CgroupHost, Hierarchy } from './host.ts';

/** Directories by controller name (version 1, `name=systemd`) or `''` (version 2); survives JSON. */
export type CgroupPaths = Record<string, string>;

const SOURCE = '/linux/cgroupsPath';

/**
 * The directory of a container's cgroup in every hierarchy of the host. Pure.
 * Errors: `CGROUP_INVALID` for a path that names a hierarchy's root, or holds a newline or NUL.
 */
export function planPaths(host: CgroupHost, cgroupsPath: string): CgroupPaths {
  const inner = cleanPath(cgroupsPath);
  const paths: CgroupPaths = {};
  for (const hierarchy of host.hierarchies) {
    const base = cgroupsPath.startsWith('/') ? hierarchy.mountpoint : ownDirectory(host, hierarchy);
    for (const key of hierarchy.keys) paths[key] = base === '/' ? inner : base + inner;
  }
  return paths;
}

/** `/a/b` for `a/b`, `/a/b`, `../../a/b` and `/x/../a//b/`. */
function cleanPath(cgroupsPath: string): string {
  if (/[\n\0]/.test(cgroupsPath)) {
    throw pathError(cgroupsPath, 'holds a newline or a NUL, which no cgroup name may');
  }
  const cleaned = posix.normalize(`/${cgroupsPath}`).replace(/\/$/, '');
  if (cleaned === '') {
    throw pathError(
      cgroupsPath,
      "names the hierarchy's root; give the container a cgroup below it",
    );
  }
  return cleaned;
}

function pathError(value: string, why: string): CgroupError {
  const message = `${SOURCE}: ${JSON.stringify(value)} ${why}`;
  return new CgroupError('CGROUP_INVALID', message, { value, source: SOURCE });
}

/** Where relative paths start. `own` is seen from the hierarchy's top, the mount may show a branch. */
function ownDirectory(host: CgroupHost, hierarchy: Hierarchy): string {
  const own = host.kind === 'v2' ? posix.dirname(hierarchy.own) : hierarchy.own;
  const below = posix.relative(hierarchy.root, own);
  // A cgroup namespace shows cgroups outside of it as `/..`; nothing there can be reached.
  return below === '' || below.startsWith('..')
    ? hierarchy.mountpoint
    : posix.join(hierarchy.mountpoint, below);
}
