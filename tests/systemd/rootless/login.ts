/**
 * The ordinary user of the machine, and commands in a login of its own.
 *
 * `systemd-run` as root starts a unit with PAMName=login, so pam_systemd gives the command a session,
 * XDG_RUNTIME_DIR and the user's bus, as ssh would. With `delegated` the command is in a scope of the
 * user's own systemd, with a cgroup below which it may make others.
 */
import { readFileSync } from 'node:fs';
import { run, type CommandOptions, type Outcome } from '../../interop/engines/command.ts';
import { findProgram } from '../../interop/engines/runtime-under-test.ts';

/** Its name, ids and subordinate ids, from the machine's own files. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** The first subordinate id and how many there are, the same for users and groups. */
  readonly subordinate: { readonly first: number; readonly count: number };
}

const NAME = process.env['CORACLE_USER'] ?? 'vagrant';

/** Why this machine cannot show containers without root, or `undefined` if it can. */
export function missingLogin(...programs: string[]): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root, to log the user in';
  if (!contents('/proc/1/comm').startsWith('systemd')) return 'systemd does not run this machine';
  if (contents('/sys/fs/cgroup/cgroup.controllers') === '') return 'cgroups are not version 2';
  if (!contents('/etc/passwd').includes(`\n${NAME}:`)) return `there is no user ${NAME}`;
  const wanted = ['systemd-run', 'newuidmap', 'newgidmap', 'busybox', ...programs];
  const absent = wanted.filter((program) => findProgram(program) === undefined);
  return absent.length === 0 ? undefined : `not installed: ${absent.join(', ')}`;
}

export function readUser(): User {
  const line = contents('/etc/passwd')
    .split('\n')
    .find((each) => each.startsWith(`${NAME}:`));
  const [name = '', , uid, gid, , home = ''] = (line ?? '').split(':');
  const [, first, count] =
    contents('/etc/subuid')
      .split('\n')
      .find((each) => each.startsWith(`${NAME}:`))
      ?.split(':') ?? [];
  return {
    name,
    uid: Number(uid),
    gid: Number(gid),
    home,
    subordinate: { first: Number(first), count: Number(count) },
  };
}

export interface LoginOptions extends CommandOptions {
  /** In a scope of the user's systemd with `Delegate=yes`. */
  readonly delegated?: boolean;
  /** Variables beside those that a login sets. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs a shell script as the user, whatever its exit code. */
export function asUser(user: User, script: string, options: LoginOptions = {}): Promise<Outcome> {
  const { delegated = false, variables = {}, ...rest } = options;
  const all = {
    HOME: user.home,
    USER: user.name,
    DBUS_SESSION_BUS_ADDRESS: `unix:path=/run/user/${user.uid}/bus`,
    ...variables,
  };
  const scope = ['systemd-run', '--user', '--scope', '--quiet', '--property=Delegate=yes', '--'];
  return run(
    [
      'systemd-run',
      '--quiet',
      '--pipe',
      '--wait',
      '--collect',
      `--uid=${user.uid}`,
      '--property=PAMName=login',
      `--property=WorkingDirectory=${user.home}`,
      ...Object.entries(all).map(([name, value]) => `--setenv=${name}=${value}`),
      '--',
      ...(delegated ? scope : []),
      'sh',
      '-c',
      script,
    ],
    { timeout: 110_000, ...rest },
  );
}

function contents(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
