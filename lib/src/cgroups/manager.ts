/**
 * Who makes a container's cgroup, puts its process there and takes it down again: this program by
 * itself (cgroupfs.ts), or systemd, which is asked to (systemd/driver.ts).
 *
 * Life cycle: plan → save `saved` → `prepare` → `admit`, while the container's first process waits →
 * `update` → `destroy`. Every command after `create` starts from what was saved.
 */
import type { LinuxResources } from '../oci/index.ts';
import type { Cgroup } from './cgroup.ts';
import type { CgroupPaths } from './paths.ts';
import type { PlanOptions } from './plan.ts';

/** What must outlive this process; plain JSON. */
export interface SavedCgroup {
  /** By controller, `name=…`, or `''` for version 2. */
  readonly cgroupPaths: CgroupPaths;
  /** The unit of the systemd driver. */
  readonly systemd?: SystemdUnit;
}

/** A unit, and whose manager has it. */
export interface SystemdUnit {
  readonly unit: string;
  /** It is the user's own manager that has it, not the system's. */
  readonly user: boolean;
}

/** What a container's config says of its cgroup. */
export interface CgroupRequest {
  readonly id: string;
  /** `linux.cgroupsPath`, empty when the config has none. */
  readonly cgroupsPath: string;
  readonly resources: LinuxResources;
  readonly devices: NonNullable<PlanOptions['devices']>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The host's id of the user who gets a version 2 cgroup for its own (`delegateCgroup`). */
  readonly owner: number | undefined;
  /** The caller is not root. */
  readonly rootless: boolean;
}

/** One container's cgroup in the hands of whoever makes it; see the life cycle above. */
export interface CgroupManager {
  readonly saved: SavedCgroup;
  readonly cgroup: Cgroup;
  /**
   * Whether a process gets into the cgroup by `admit` alone: it may not, or cannot yet, write itself
   * into the cgroup's files.
   */
  readonly admits: 'first process' | 'every process' | 'nobody';

  /** Makes what can be made before there is a process. Leaves nothing behind when it fails. */
  prepare(): void;
  /** Puts the waiting process into the cgroup, whose limits hold from then on. */
  admit(pid: number, below?: string): void;
  /** Changes the limits that are given. */
  update(resources: LinuxResources): void;
  /** Removes the cgroup, of which nobody may be alive; gone already is fine. */
  destroy(warn: (message: string) => void): void;
}
