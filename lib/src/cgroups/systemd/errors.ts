/** What goes wrong between this program and systemd, and what to do about it. */
import { messageOf } from '../../base/index.ts';
import { DBusError } from '../../sys/index.ts';
import { CgroupError } from '../errors.ts';

const PREFIX = 'org.freedesktop.systemd1.';

/** Whether systemd answered with this error, such as `NoSuchUnit`. */
export function isSystemdError(error: unknown, name: string): boolean {
  return error instanceof DBusError && error.errorName === PREFIX + name;
}

/** systemd refused something. `code` is `SYSTEMD_REFUSED`; the D-Bus error's name is in the text. */
export function refused(what: string, cause: unknown): CgroupError {
  const name = cause instanceof DBusError ? cause.errorName : '';
  const advice = ADVICE[name] ?? 'see "journalctl" for what systemd says';
  const message = `unable to ${what}: ${messageOf(cause)}; ${advice}`;
  return new CgroupError('SYSTEMD_REFUSED', message, { cause });
}

const ADVICE: Readonly<Record<string, string>> = {
  'org.freedesktop.DBus.Error.InteractiveAuthorizationRequired':
    'only root may start units of the system; without root a user has units of its own, by DBUS_SESSION_BUS_ADDRESS or XDG_RUNTIME_DIR',
  'org.freedesktop.DBus.Error.AccessDenied':
    'only root may start units of the system; without root a user has units of its own, by DBUS_SESSION_BUS_ADDRESS or XDG_RUNTIME_DIR',
  'org.freedesktop.DBus.Error.PropertyReadOnly':
    'this version of systemd does not know the property; take it out of the annotations',
  'org.freedesktop.DBus.Error.InvalidArgs':
    'systemd does not take the value of a property; see the annotations and linux.resources',
  'org.freedesktop.systemd1.UnitExists':
    'choose another id or linux.cgroupsPath, or stop the unit with "systemctl stop"',
  'org.freedesktop.DBus.Error.ServiceUnknown':
    'systemd is not on this bus; see that it runs, and for a user that "loginctl enable-linger" keeps it',
};

/** The host, or what this user has of it, does not have the systemd that is asked for. */
export function unavailable(why: string, cause?: unknown): CgroupError {
  const message = `--systemd-cgroup: ${why}. ${INSTEAD}`;
  return new CgroupError('SYSTEMD_UNAVAILABLE', message, { cause });
}

const INSTEAD =
  'Or leave the flag out and write linux.cgroupsPath as a path (/name); of an engine ask for ' +
  'cgroupfs: dockerd --exec-opt native.cgroupdriver=cgroupfs, podman --cgroup-manager=cgroupfs, ' +
  'containerd SystemdCgroup = false';
