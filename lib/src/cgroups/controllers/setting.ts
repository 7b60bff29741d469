/**
 * What the controllers' planners share: finding the hierarchy that serves a controller.
 *
 * A planner that has nothing to write must not ask: a resource that is not wanted needs no
 * controller, one that is wanted and has none is an error.
 */
import type { Int64 } from '../../oci/index.ts';
import { CgroupError } from '../errors.ts';
import type { CgroupHost } from '../host.ts';
import type { FileWrite } from '../write.ts';

export const RESOURCES = '/linux/resources';

/** The parts of a write that differ from line to line. */
export type Setting = Omit<FileWrite, 'controller' | 'version' | 'source'> & {
  /** The property's name, appended to the planner's pointer. */
  readonly from: string;
};

/**
 * The version on which `controller` is found.
 * Errors: `CGROUP_NO_CONTROLLER` when the host has it on neither, naming the resource that asked.
 */
export function requireController(
  host: CgroupHost,
  source: string,
  ...names: [string, ...string[]]
): { controller: string; version: 1 | 2 } {
  for (const controller of names) {
    const hierarchy = host.controllers.get(controller);
    if (hierarchy) return { controller, version: hierarchy.version };
  }
  const advice =
    host.kind === 'v2'
      ? "see cgroup.controllers at the hierarchy's root, and the kernel's cgroup_disable="
      : 'mount its hierarchy, or see /proc/cgroups and the kernel option that enables it';
  const message = `${source}: this host has no ${names.join(' or ')} controller; ${advice}, or leave this resource out`;
  throw new CgroupError('CGROUP_NO_CONTROLLER', message, { controller: names[0], source });
}

/** Settings of one controller as writes. `pointer` is where in the configuration they all stand. */
export function asWrites(
  at: { controller: string; version: 1 | 2 },
  pointer: string,
  settings: readonly Setting[],
): FileWrite[] {
  return settings.map(({ from, ...setting }) => ({
    ...at,
    ...setting,
    source: `${pointer}/${from}`,
  }));
}

/**
 * OCI's 0 and engines' 0: dockerd fills what its user left out with 0, and runc reads 0 as "not
 * asked for". Returns the value if it is one to be set.
 */
export function asked(value: Int64 | undefined): Int64 | undefined {
  return value === 0 ? undefined : value;
}
