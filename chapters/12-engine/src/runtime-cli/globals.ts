/** The options before the command. */
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CoracleError, messageOf } from 'coracle/base';
import type { CgroupDriver } from 'coracle/cgroups';
import type { Flag, FlagValues } from './flags.ts';
import { Log } from './log.ts';

export const GLOBAL_FLAGS: readonly Flag[] = [
  { name: 'debug', kind: 'bool', usage: 'enable debug logging' },
  { name: 'log', kind: 'string', usage: "append the log to this file (default is '/dev/stderr')" },
  { name: 'log-format', kind: 'string', usage: "'text' or 'json'", default: '"text"' },
  {
    name: 'root',
    kind: 'string',
    usage: 'directory for the state of containers; it should be on a tmpfs',
    default: '"/run/coracle"',
  },
  {
    name: 'criu',
    kind: 'string',
    usage: 'taken and ignored: checkpoint and restore are not supported',
    hidden: true,
  },
  {
    name: 'systemd-cgroup',
    kind: 'bool',
    usage: "let systemd make the cgroups: cgroupsPath is then 'slice:prefix:name'",
  },
  {
    name: 'rootless',
    kind: 'string',
    usage: "ignore cgroup permission errors ('true', 'false' or 'auto')",
    default: '"auto"',
  },
  { name: 'version', short: 'v', kind: 'bool', usage: 'print the version' },
];

export interface Globals {
  /** Absolute. */
  readonly root: string;
  /** Whether `--root` was given. */
  readonly ownRoot: boolean;
  /** Who makes the cgroups of new containers. */
  readonly cgroupDriver: CgroupDriver;
}

/**
 * Opens the log that was asked for.
 *
 * @throws CoracleError for another format than the two there are, and a file that cannot be opened.
 */
export function openLog(flags: FlagValues): Log {
  const format = flags.string('log-format') ?? 'text';
  if (format !== 'text' && format !== 'json') {
    throw new CoracleError('LOG_FORMAT', `invalid log-format: ${format}; use text or json`);
  }
  const file = flags.string('log');
  try {
    return new Log({ file, format, debug: flags.bool('debug') });
  } catch (error) {
    throw new CoracleError('LOG_FILE', `cannot open the log: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Checks the rest of the options. @throws CoracleError that says what to use instead. */
export function readGlobals(flags: FlagValues): Globals {
  const rootless = flags.string('rootless') ?? 'auto';
  if (!/^(auto|[tTfF01]|true|false|TRUE|FALSE|True|False)$/.test(rootless)) {
    throw new CoracleError('ROOTLESS', `invalid --rootless ${rootless}; use true, false or auto`);
  }
  const cgroupDriver = flags.bool('systemd-cgroup') ? 'systemd' : 'cgroupfs';
  if (!flags.has('root')) return { root: defaultRoot(), ownRoot: false, cgroupDriver };
  const root = resolve(flags.string('root') ?? '');
  if (root !== '/') return { root, ownRoot: true, cgroupDriver };
  throw new CoracleError('ROOT', 'Option --root argument should not be set to /; name a directory');
}

/**
 * `/run/coracle`, and for others than root `$XDG_RUNTIME_DIR/coracle`.
 *
 * The sticky bit keeps systemd from pruning it (XDG Base Directory Specification).
 */
function defaultRoot(): string {
  const runtimeDirectory = process.env['XDG_RUNTIME_DIR'];
  if (runtimeDirectory === undefined || runtimeDirectory === '' || isRealRoot()) {
    return '/run/coracle';
  }
  const root = join(runtimeDirectory, 'coracle');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  chmodSync(root, 0o1700);
  return root;
}

/** Root of the initial user namespace: there every id is its own (user_namespaces(7)). */
function isRealRoot(): boolean {
  if (process.geteuid?.() !== 0) return false;
  return /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));
}
