/** Exercise 02.1: from `linux.cgroupsPath` to one directory a hierarchy. */
import { posix } from 'node:path';
import type { CgroupHost, Hierarchy } from '../host.ts';
import { pathError, type CgroupPaths } from '../paths.ts';

// #region exercise-02-1
/**
 * The path as one that starts with `/`, has no `.`, `..` or empty parts, and no slash at its end:
 * `/a/b` for `a/b`, `/a/b`, `../../a/b` and `/x/../a//b/`. Pure.
 *
 * It comes from whoever wrote the configuration. A `..` with nothing before it is dropped, so that no
 * number of them leads out of the hierarchy.
 *
 * Errors, made by {@link pathError}: a path that holds a newline or a NUL, and one of which nothing is
 * left (`/`, `''`, `.`, `/a/..`), since a limit on a hierarchy's root would be one for the machine.
 */
export function cleanPath(cgroupsPath: string): string {
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

/**
 * The directory of a container's cgroup in every hierarchy of the host, under each of the hierarchy's
 * `keys`. Pure. config-linux.md, "Cgroups Path". Errors: those of {@link cleanPath}.
 *
 * - An absolute path starts at each hierarchy's mount point.
 * - A relative one starts, as with runc, at the cgroup that this process is in (`own`), each hierarchy
 *   its own; on a host of kind `v2` at that cgroup's *parent*, because there a cgroup that holds
 *   processes may not pass controllers on to children. A hybrid host counts as version 1 here.
 * - `own` is seen from the top of the hierarchy. The mount may show a branch of it only, the one below
 *   `root`: with root `/docker/x` and own `/docker/x/y`, own is the directory `y` of the mount.
 * - An own cgroup that the mount does not show cannot be reached: then it starts at the mount point.
 *   So it is for one outside of our cgroup namespace, which `own` shows as `/..` or `/../x`.
 * - A hierarchy may be mounted at `/`. No directory begins with two slashes.
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

function ownDirectory(host: CgroupHost, hierarchy: Hierarchy): string {
  const own = host.kind === 'v2' ? posix.dirname(hierarchy.own) : hierarchy.own;
  const below = own.startsWith('/..') ? '..' : posix.relative(hierarchy.root, own);
  return below === '' || below.startsWith('..')
    ? hierarchy.mountpoint
    : posix.join(hierarchy.mountpoint, below);
}
// #endregion exercise-02-1
