/**
 * The systemd driver: a container's cgroup is a transient unit, a scope as a rule.
 *
 *     plan → (record) → the process waits → StartTransientUnit with its PID and every property
 *     → our own writes, for what systemd has no words for → the process goes on → … → StopUnit
 *
 * systemd makes the directory when the unit starts and removes it when the unit stops: when all its
 * processes are dead, or when it is asked to. In between the files are written as with cgroupfs.
 */
import { posix } from 'node:path';
import { messageOf } from '../../base/index.ts';
import type { LinuxResources } from '../../oci/index.ts';
import { inUserNamespace, isRoot } from '../../sys/index.ts';
import { openCgroup, type Cgroup } from '../cgroup.ts';
import { createDirectories } from '../create.ts';
import { delegateCgroup } from '../delegate.ts';
import { CgroupError } from '../errors.ts';
import { writeValue } from '../files.ts';
import type { CgroupHost } from '../host.ts';
import type { CgroupManager, CgroupRequest, SavedCgroup, SystemdUnit } from '../manager.ts';
import type { CgroupPaths } from '../paths.ts';
import { planResources } from '../plan.ts';
import type { CgroupWrite } from '../write.ts';
import { connectSystemd, type SystemdClient } from './client.ts';
import { roundQuotas } from './cpu-quota.ts';
import { isSystemdError, unavailable } from './errors.ts';
import type { UnitProperty } from './property.ts';
import { translateWrites } from './translate.ts';
import { planUnitPlace, type UnitPlace } from './unit-place.ts';
import { planUnitProperties, processes } from './unit-properties.ts';

/**
 * The manager of a container that is to be made. Looks, but changes nothing.
 * Errors: `SYSTEMD_UNAVAILABLE`, `CGROUP_INVALID`, `CGROUP_IN_USE` when there is such a unit.
 */
export function planSystemd(host: CgroupHost, request: CgroupRequest): CgroupManager {
  const user = hasUserManager();
  const place = planUnitPlace(request.cgroupsPath, request.id, user);
  using client = connectSystemd(user);
  if (host.kind !== 'v2') {
    throw unavailable(
      `this host has control groups of ${host.kind === 'v1' ? 'version 1' : 'both versions'}, and the systemd cgroup driver needs version 2 alone; boot with systemd.unified_cgroup_hierarchy=1`,
    );
  }
  refuseTaken(client, place.unit);
  const start = planStart(host, place, request, client.version());
  const paths = { '': directoryOf(host, client.controlGroup(), place.path) };
  return new SystemdManager(host, paths, { unit: place.unit, user }, start);
}

/** The manager of a container that is there. Asks systemd nothing yet. */
export function openSystemd(
  host: CgroupHost,
  paths: CgroupPaths,
  unit: SystemdUnit,
): CgroupManager {
  return new SystemdManager(host, paths, unit, undefined);
}

/** All that is done when the process is there. */
interface Start {
  readonly place: UnitPlace;
  readonly properties: readonly UnitProperty[];
  readonly writes: readonly CgroupWrite[];
  readonly owner: number | undefined;
}

function planStart(
  host: CgroupHost,
  place: UnitPlace,
  request: CgroupRequest,
  version: number,
): Start {
  const { resources, devices, owner } = request;
  const writes = roundQuotas(planResources(host, resources, { devices }));
  const properties = planUnitProperties(place, request, writes, version);
  return { place, properties, writes, owner };
}

/**
 * Whether the units are those of a user's own systemd. Root of a user namespace is a user outside
 * (rootless podman), who has a bus of its own, or is root of a whole system in a container.
 */
function hasUserManager(): boolean {
  if (!isRoot()) return true;
  const { DBUS_SESSION_BUS_ADDRESS: address = '', XDG_RUNTIME_DIR: folder = '' } = process.env;
  return inUserNamespace() && (address !== '' || folder !== '');
}

/** A failed unit of the name is in nobody's way. */
function refuseTaken(client: SystemdClient, unit: string): void {
  const state = client.stateOf(unit);
  if (state === 'failed') client.resetFailed(unit);
  else if (state !== undefined && state !== 'inactive') throw taken(unit);
}

function taken(unit: string, cause?: unknown): CgroupError {
  const message = `systemd unit ${unit} already exists; choose another container id or linux.cgroupsPath, or stop it with "systemctl stop ${unit}"`;
  return new CgroupError('CGROUP_IN_USE', message, { source: '/linux/cgroupsPath', cause });
}

/** The mount may show only a branch of the hierarchy. */
function directoryOf({ unified }: CgroupHost, controlGroup: string, path: string): string {
  const { mountpoint = '/sys/fs/cgroup', root = '/' } = unified ?? {};
  const below = posix.relative(root, posix.join('/', controlGroup, path));
  return posix.join(mountpoint, below);
}

class SystemdManager implements CgroupManager {
  readonly saved: SavedCgroup;
  readonly cgroup: Cgroup;
  readonly admits: 'first process' | 'every process';
  readonly #host: CgroupHost;
  readonly #unit: SystemdUnit;
  readonly #start: Start | undefined;
  /** Nothing to remove until there is something that is ours. */
  #isOurs: boolean;

  constructor(
    host: CgroupHost,
    cgroupPaths: CgroupPaths,
    systemd: SystemdUnit,
    start: Start | undefined,
  ) {
    this.saved = { cgroupPaths, systemd };
    this.cgroup = openCgroup(host, cgroupPaths);
    // The cgroup a user comes from belongs to the system, whose permission only systemd can get.
    this.admits = systemd.user ? 'every process' : 'first process';
    this.#host = host;
    this.#unit = systemd;
    this.#start = start;
    this.#isOurs = start === undefined;
  }

  prepare(): void {
    // systemd starts no scope without a process.
  }

  admit(pid: number, below = ''): void {
    using client = connectSystemd(this.#unit.user);
    const start = this.#start;
    if (start === undefined) {
      client.attach(this.#unit.unit, below, pid);
      return;
    }
    const { kind } = start.place;
    const unit = kind === 'scope' ? [...start.properties, processes(pid)] : start.properties;
    this.#startUnit(client, unit);
    // Controllers that systemd does not know, such as hugetlb, are for us to let through.
    createDirectories(this.#host, this.cgroup.paths);
    this.cgroup.apply(start.writes);
    if (start.owner !== undefined) delegateCgroup(this.cgroup.paths, start.owner);
    // A slice starts without processes.
    if (kind === 'slice') for (const file of this.cgroup.joinFiles()) writeValue(file, String(pid));
  }

  update(resources: LinuxResources): void {
    const writes = roundQuotas(planResources(this.#host, resources, { devices: 'skip' }));
    this.cgroup.checkUsage(writes);
    using client = connectSystemd(this.#unit.user);
    const properties = translateWrites(writes, resources, client.version());
    if (properties.length > 0) client.setProperties(this.#unit.unit, properties);
    this.cgroup.apply(writes);
  }

  /** Without a way to systemd the directory goes, and systemd will notice. */
  destroy(warn: (message: string) => void): void {
    if (!this.#isOurs) return;
    try {
      using client = connectSystemd(this.#unit.user);
      client.stop(this.#unit.unit);
    } catch (error) {
      if (!(error instanceof CgroupError && error.code === 'SYSTEMD_UNAVAILABLE')) throw error;
      warn(`systemd unit ${this.#unit.unit} is not stopped: ${messageOf(error)}`);
    }
    this.cgroup.delete();
  }

  #startUnit(client: SystemdClient, properties: readonly UnitProperty[]): void {
    const { unit } = this.#unit;
    try {
      client.startTransient(unit, properties);
      this.#isOurs = true;
    } catch (error) {
      const isTaken = error instanceof CgroupError && isSystemdError(error.cause, 'UnitExists');
      if (isTaken) throw taken(unit, error);
      this.#isOurs = true;
      throw error;
    }
  }
}
