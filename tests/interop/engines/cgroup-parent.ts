/**
 * The cgroup below which all containers of one test file are, in the words of the cgroup driver.
 *
 * The driver is what engines choose by themselves: systemd where systemd runs the machine, else
 * cgroupfs. So the same scenarios hold for both, each on the machines where it is used.
 * CORACLE_TEST_CGROUP_DRIVER=cgroupfs takes cgroupfs on a machine of systemd too.
 */
import { existsSync } from 'node:fs';

export type CgroupDriver = 'cgroupfs' | 'systemd';

export const cgroupDriver: CgroupDriver = chooseDriver();

function chooseDriver(): CgroupDriver {
  const wanted = process.env['CORACLE_TEST_CGROUP_DRIVER'];
  if (wanted === 'cgroupfs' || wanted === 'systemd') return wanted;
  return existsSync('/run/systemd/system') ? 'systemd' : 'cgroupfs';
}

export class CgroupParent {
  /** What an engine's `--cgroup-parent` takes: the name of a slice, or a path. */
  readonly name: string;
  /** The path below each hierarchy's root. */
  readonly path: string;

  constructor(id: number) {
    // A dash in a slice's name would put it below another slice (systemd.slice(5)).
    this.name = cgroupDriver === 'systemd' ? `coracleinterop${id}.slice` : `/coracle-interop-${id}`;
    this.path = cgroupDriver === 'systemd' ? `/${this.name}` : this.name;
  }

  /** The runtime specification's `cgroupsPath` of a container below, for callers that write it. */
  cgroupsPath(id: string): string {
    return cgroupDriver === 'systemd' ? `${this.name}:test:${id}` : `${this.path}/${id}`;
  }

  /** Where the kernel then has that container. */
  pathOf(id: string): string {
    return cgroupDriver === 'systemd' ? `${this.path}/test-${id}.scope` : `${this.path}/${id}`;
  }

  /** What docker and podman name a container's cgroup, as a pattern. */
  get ofContainer(): RegExp {
    return cgroupDriver === 'systemd'
      ? new RegExp(`^${this.path}/(libpod|docker)-[0-9a-f]{64}\\.scope$`)
      : new RegExp(`^${this.path}/(libpod-)?[0-9a-f]{64}$`);
  }
}
