/** The cgroupfs driver: directories made, written and removed by this program itself. */
import { planPaths } from '#parts/cgroups/paths.ts';
import type { LinuxResources } from '../oci/index.ts';
import { createCgroup, openCgroup, type Cgroup } from './cgroup.ts';
import { delegateCgroup } from './delegate.ts';
import { writeValue } from './files.ts';
import type { CgroupHost } from './host.ts';
import type { CgroupManager, CgroupRequest, SavedCgroup } from './manager.ts';
import type { CgroupPaths } from './paths.ts';
import { planResources } from './plan.ts';

/** The manager of a container that is to be made. Errors: those of `planPaths`. */
export function planCgroupfs(host: CgroupHost, request: CgroupRequest): CgroupManager {
  const path = request.cgroupsPath === '' ? request.id : request.cgroupsPath;
  return new CgroupfsManager(host, planPaths(host, path), { ...request, cgroupsPath: path });
}

/** The manager of a container that is there. */
export function openCgroupfs(host: CgroupHost, paths: CgroupPaths): CgroupManager {
  return new CgroupfsManager(host, paths, undefined);
}

class CgroupfsManager implements CgroupManager {
  readonly admits = 'nobody';
  readonly #host: CgroupHost;
  readonly #request: CgroupRequest | undefined;
  #cgroup: Cgroup;

  constructor(host: CgroupHost, paths: CgroupPaths, request: CgroupRequest | undefined) {
    this.#host = host;
    this.#request = request;
    this.#cgroup = openCgroup(host, paths);
  }

  get saved(): SavedCgroup {
    return { cgroupPaths: this.#cgroup.paths };
  }

  get cgroup(): Cgroup {
    return this.#cgroup;
  }

  /** One that somebody else uses is left alone. */
  prepare(): void {
    const request = this.#request;
    if (request === undefined) return;
    const { cgroupsPath, id, resources, devices, owner, rootless } = request;
    const skipForbidden = rootless && cgroupsPath === id;
    const cgroup = createCgroup(this.#host, cgroupsPath, { skipForbidden });
    if (cgroup.existed) cgroup.checkUnused();
    this.#cgroup = cgroup;
    try {
      cgroup.apply(planResources(this.#host, resources, { devices }));
      if (owner !== undefined) delegateCgroup(cgroup.paths, owner);
    } catch (error) {
      cgroup.delete();
      throw error;
    }
  }

  /** For the process that cannot write itself there: it is in a cgroup namespace that lies elsewhere. */
  admit(pid: number): void {
    for (const file of this.#cgroup.joinFiles()) writeValue(file, String(pid));
  }

  update(resources: LinuxResources): void {
    this.#cgroup.apply(planResources(this.#host, resources, { devices: 'skip' }));
  }

  destroy(): void {
    this.#cgroup.delete();
  }
}
