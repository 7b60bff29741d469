/**
 * systemd over D-Bus, as far as a container runtime needs it: org.freedesktop.systemd1(5).
 *
 * Starting and stopping a unit is a job: the method returns at once, and the signal JobRemoved
 * tells how it went. It is asked for before the job is, so that none is missed.
 */
import { existsSync } from 'node:fs';
import { messageOf } from '../../base/index.ts';
import {
  openSystemBus,
  openUserBus,
  type Arguments,
  type DBus,
  type DBusObject,
  type DBusValue,
} from '../../sys/index.ts';
import { CgroupError } from '../errors.ts';
import { isSystemdError, refused, unavailable } from './errors.ts';
import type { UnitProperty } from './property.ts';

const MANAGER: DBusObject = {
  destination: 'org.freedesktop.systemd1',
  path: '/org/freedesktop/systemd1',
  interface: 'org.freedesktop.systemd1.Manager',
};

/** How long systemd may take for a job, in milliseconds. */
const JOB_TIMEOUT = 30_000;

/** Errors: `SYSTEMD_UNAVAILABLE` when there is no systemd, or no way to it. */
export function connectSystemd(user: boolean): SystemdClient {
  // sd_booted(3).
  if (!existsSync('/run/systemd/system')) {
    throw unavailable(
      'this host was not booted with systemd (there is no /run/systemd/system); boot it with systemd',
    );
  }
  try {
    return new SystemdClient(user ? openUserBus() : openSystemBus());
  } catch (error) {
    const advice = user
      ? "this user's systemd cannot be reached; log in through systemd, or set XDG_RUNTIME_DIR, and DBUS_SESSION_BUS_ADDRESS where the bus is elsewhere than $XDG_RUNTIME_DIR/bus (Debian: dbus-user-session)"
      : 'the system bus cannot be reached; see that the service dbus runs';
    throw unavailable(`${advice} (${messageOf(error)})`, error);
  }
}

/** One connection to one systemd; to be disposed of. */
export class SystemdClient implements Disposable {
  readonly #bus: DBus;

  constructor(bus: DBus) {
    this.#bus = bus;
  }

  /** `252` of `252.39-1~deb12u1`. */
  version(): number {
    const text = textOf(this.#bus.property(MANAGER, 'Version', 's'));
    return Number(/\d+/.exec(text)?.[0] ?? 0);
  }

  /** The cgroup below which this systemd has its units: empty for the system's. */
  controlGroup(): string {
    return textOf(this.#bus.property(MANAGER, 'ControlGroup', 's'));
  }

  /** `ActiveState` of a unit that is loaded. */
  stateOf(unit: string): string | undefined {
    try {
      const given = { signature: 's', values: [unit] };
      const [path] = this.#bus.call(MANAGER, 'GetUnit', given, 'o');
      const object = { ...MANAGER, path: textOf(path), interface: 'org.freedesktop.systemd1.Unit' };
      return textOf(this.#bus.property(object, 'ActiveState', 's'));
    } catch (error) {
      if (isSystemdError(error, 'NoSuchUnit')) return undefined;
      throw refused(`look at systemd unit ${unit}`, error);
    }
  }

  /**
   * Makes a unit and starts it.
   * Errors: `SYSTEMD_REFUSED`, with a DBusError `UnitExists` as its cause if the name is taken;
   * `SYSTEMD_JOB` if it did not start.
   */
  startTransient(unit: string, properties: readonly UnitProperty[]): void {
    const result = this.#job(`start systemd unit ${unit}`, 'StartTransientUnit', {
      signature: 'ssa(sv)a(sa(sv))',
      values: [unit, 'replace', wire(properties), []],
    });
    if (result === 'done') return;
    this.resetFailed(unit);
    throw jobFailed(`start systemd unit ${unit}`, result);
  }

  /** Stops a unit; what systemd does not know is stopped already. */
  stop(unit: string): void {
    const what = `stop systemd unit ${unit}`;
    try {
      const given = { signature: 'ss', values: [unit, 'replace'] };
      const result = this.#job(what, 'StopUnit', given);
      if (result === undefined) throw jobFailed(what, result);
    } catch (error) {
      if (!(error instanceof CgroupError && isSystemdError(error.cause, 'NoSuchUnit'))) throw error;
    }
    this.resetFailed(unit);
  }

  /** Lets systemd forget a unit that has failed. */
  resetFailed(unit: string): void {
    try {
      this.#bus.call(MANAGER, 'ResetFailedUnit', { signature: 's', values: [unit] });
    } catch (error) {
      if (!isSystemdError(error, 'NoSuchUnit')) throw refused(`reset systemd unit ${unit}`, error);
    }
  }

  /** Changes properties of a unit that runs, until it stops. */
  setProperties(unit: string, properties: readonly UnitProperty[]): void {
    const given = { signature: 'sba(sv)', values: [unit, true, wire(properties)] };
    try {
      this.#bus.call(MANAGER, 'SetUnitProperties', given);
    } catch (error) {
      throw refused(`set properties of systemd unit ${unit}`, error);
    }
  }

  /** Moves a process into a unit, or into a cgroup below it, such as `/sub`. */
  attach(unit: string, below: string, pid: number): void {
    const given = { signature: 'ssau', values: [unit, below, [pid]] };
    try {
      this.#bus.call(MANAGER, 'AttachProcessesToUnit', given);
    } catch (error) {
      throw refused(`put process ${pid} into systemd unit ${unit}`, error);
    }
  }

  [Symbol.dispose](): void {
    this.#bus[Symbol.dispose]();
  }

  /** Starts a job and waits for its end. @returns its result; undefined when it took too long. */
  #job(what: string, member: string, given: Arguments): string | undefined {
    try {
      this.#bus.watch(MANAGER, 'JobRemoved');
      const [job] = this.#bus.call(MANAGER, member, given, 'o');
      let outcome: string | undefined;
      const isOurs = ([, path, , result]: readonly DBusValue[]): boolean => {
        if (path === job) outcome = textOf(result);
        return path === job;
      };
      this.#bus.await(MANAGER, 'JobRemoved', 'uoss', isOurs, JOB_TIMEOUT);
      return outcome;
    } catch (error) {
      throw refused(what, error);
    }
  }
}

function wire(properties: readonly UnitProperty[]): DBusValue {
  return properties.map(({ name, signature, value }) => [name, { signature, value }]);
}

function jobFailed(what: string, result: string | undefined): CgroupError {
  const how =
    result === undefined
      ? `no answer in ${JOB_TIMEOUT / 1000} s`
      : `the job's result is "${result}"`;
  return new CgroupError(
    'SYSTEMD_JOB',
    `unable to ${what}: ${how}; see "journalctl" for what systemd says`,
  );
}

/** A value that was read as text. */
function textOf(value: DBusValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
