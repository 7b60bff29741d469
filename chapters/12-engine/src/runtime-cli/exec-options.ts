/** The flags of `exec`, and the process that they describe. */
import { readFileSync } from 'node:fs';
import { CoracleError, messageOf } from 'coracle/base';
import { parseProcess, type LinuxCapabilities, type Process, type User } from 'coracle/oci';
import type { Call } from './command.ts';
import type { Flag, FlagValues } from './flags.ts';
import { CONSOLE_SOCKET, PID_FILE, PIDFD_SOCKET, PRESERVE_FDS } from './launch-options.ts';
import { parseWhole } from './numbers.ts';

export const EXEC_FLAGS: readonly Flag[] = [
  CONSOLE_SOCKET,
  PIDFD_SOCKET,
  { name: 'cwd', kind: 'string', usage: 'current working directory in the container' },
  { name: 'env', short: 'e', kind: 'strings', usage: 'set environment variables' },
  { name: 'tty', short: 't', kind: 'bool', usage: 'allocate a pseudo-TTY' },
  { name: 'user', short: 'u', kind: 'string', usage: 'UID (format: <uid>[:<gid>])' },
  { name: 'additional-gids', short: 'g', kind: 'wholes', usage: 'additional gids' },
  { name: 'process', short: 'p', kind: 'string', usage: 'path to the process.json' },
  { name: 'detach', short: 'd', kind: 'bool', usage: "detach from the container's process" },
  PID_FILE,
  { name: 'process-label', kind: 'string', usage: 'set the SELinux label of the process' },
  { name: 'apparmor', kind: 'string', usage: 'set the apparmor profile for the process' },
  {
    name: 'no-new-privs',
    kind: 'bool',
    usage: 'set the no new privileges value for the process',
  },
  {
    name: 'cap',
    short: 'c',
    kind: 'strings',
    usage: 'add a capability to the bounding set for the process',
  },
  PRESERVE_FDS,
  {
    name: 'cgroup',
    kind: 'strings',
    usage: 'run the process in an (existing) sub-cgroup(s). Format is [<controller>:]<cgroup>.',
  },
  { name: 'ignore-paused', kind: 'bool', usage: 'allow exec in a paused container' },
];

/**
 * The process of `--process FILE`, or the container's own with what the flags change.
 *
 * @throws ConfigError for a wrong file, CoracleError for a wrong flag or a missing program.
 */
export function execProcess(own: Process | undefined, { flags, args, log }: Call): Process {
  const file = flags.string('process');
  if (file !== undefined) {
    return parseProcess(read(file), file, {
      onWarning: ({ pointer, found, next }) =>
        log.warning(`${file}: ${pointer}: ${found}. ${next}`),
    });
  }
  const [, ...program] = args;
  if (program.length === 0) {
    throw new CoracleError(
      'EXEC',
      'process args cannot be empty; name a program, or give --process',
    );
  }
  if (own === undefined) {
    throw new CoracleError('EXEC', 'the container has no /process to go by; give --process');
  }
  const capabilities = flags.strings('cap');
  return {
    ...own,
    args: program,
    env: [...(own.env ?? []), ...flags.strings('env')],
    terminal: flags.bool('tty'),
    user: user(own.user, flags),
    ...textual(flags),
    ...(flags.has('no-new-privs') && { noNewPrivileges: flags.bool('no-new-privs') }),
    ...(capabilities.length > 0 && { capabilities: adding(own.capabilities, capabilities) }),
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CoracleError('EXEC', `--process ${file}: ${messageOf(error)}`, { cause: error });
  }
}

function textual(flags: FlagValues): Partial<Process> {
  const cwd = flags.string('cwd');
  const apparmorProfile = flags.string('apparmor');
  const selinuxLabel = flags.string('process-label');
  if (cwd?.startsWith('/') === false)
    throw new CoracleError('EXEC', 'Cwd must be an absolute path');
  return {
    ...(cwd !== undefined && { cwd }),
    ...(apparmorProfile !== undefined && { apparmorProfile }),
    ...(selinuxLabel !== undefined && { selinuxLabel }),
  };
}

/** `--user UID[:GID]` and `--additional-gids`. Names are not looked up: numbers are the container's. */
function user(own: User, flags: FlagValues): User {
  const [uid, ...rest] = (flags.string('user') ?? '').split(':');
  const gid = rest.length === 0 ? undefined : rest.join(':');
  const groups = flags.wholes('additional-gids');
  const wrong = groups.find((group) => group < 0 || group > HIGHEST_ID);
  if (wrong !== undefined) {
    throw new CoracleError('EXEC', `additional-gids must be a positive number ${wrong}`);
  }
  return {
    ...own,
    ...(uid !== undefined && uid !== '' && { uid: id('uid', uid) }),
    ...(gid !== undefined && { gid: id('gid', gid) }),
    ...(groups.length > 0 && { additionalGids: [...(own.additionalGids ?? []), ...groups] }),
  };
}

/** (uid_t)-1 means "no change" to the kernel. */
const HIGHEST_ID = 0xffff_fffe;

function id(what: string, text: string): number {
  const number = /^\d+$/.test(text) ? parseWhole(text) : undefined;
  if (number !== undefined && number >= 0 && number <= HIGHEST_ID) return number;
  throw new CoracleError(
    'EXEC',
    `bad ${what}: ${JSON.stringify(text)} is no number from 0 to ${HIGHEST_ID}; --user takes UID[:GID]`,
  );
}

/** Ambient ones need inheritable ones (capabilities(7)), so they are added only where those are. */
function adding(own: LinuxCapabilities = {}, added: readonly string[]): LinuxCapabilities {
  const plus = (set: readonly string[] = []): string[] => [...new Set([...set, ...added])];
  return {
    ...own,
    bounding: plus(own.bounding),
    effective: plus(own.effective),
    permitted: plus(own.permitted),
    ...(own.inheritable !== undefined && { ambient: plus(own.ambient) }),
  };
}

/**
 * `--cgroup [controller[,…]:]path`: one path for all, or one for each of some controllers.
 *
 * @throws CoracleError as runc refuses it.
 */
export function execCgroups(given: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  for (const value of given) {
    const colon = value.indexOf(':');
    if (colon < 0) {
      if (given.length > 1) throw wrongCgroup(value, 'missing <controller>: prefix');
      continue;
    }
    for (const controller of value.slice(0, colon).split(',')) {
      if (controller === '') throw wrongCgroup(value, 'empty <controller> prefix');
      if (seen.has(controller)) {
        throw new CoracleError(
          'EXEC',
          `invalid --cgroup argument(s): controller ${controller} specified multiple times`,
        );
      }
      seen.add(controller);
    }
  }
  return given;
}

function wrongCgroup(value: string, why: string): CoracleError {
  return new CoracleError('EXEC', `invalid --cgroup argument: ${value} (${why})`);
}
