/** The options before the command. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CoracleError, messageOf } from 'coracle/base';
import type { CgroupDriver } from 'coracle/cgroups';
import { isHostRoot, isRoot } from 'coracle/sys';
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
  /** `--rootless true` or `false`; `undefined` for `auto`, which goes by who the caller is. */
  readonly rootless: boolean | undefined;
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
  const cgroupDriver = flags.bool('systemd-cgroup') ? 'systemd' : 'cgroupfs';
  const rootless = parseRootless(flags.string('rootless') ?? 'auto');
  if (!flags.has('root')) return { root: defaultRoot(), ownRoot: false, cgroupDriver, rootless };
  const root = resolve(flags.string('root') ?? '');
  if (root !== '/') return { root, ownRoot: true, cgroupDriver, rootless };
  throw new CoracleError('ROOT', 'Option --root argument should not be set to /; name a directory');
}

/** Go's spellings of true and false. */
function parseRootless(text: string): boolean | undefined {
  if (text === 'auto') return undefined;
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
  if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false;
  throw new CoracleError('ROOTLESS', `invalid --rootless ${text}; use true, false or auto`);
}

/**
 * `/run/coracle`, and for others than root `$XDG_RUNTIME_DIR/coracle`.
 *
 * A user namespace in which the user is called root, too, is taken for a machine of its own, as
 * runc does: `podman unshare` and podman itself keep the user's name.
 *
 * The sticky bit keeps systemd from pruning it (XDG Base Directory Specification).
 */
function defaultRoot(): string {
  const runtimeDirectory = process.env['XDG_RUNTIME_DIR'];
  const isRootThere = isHostRoot() || (isRoot() && process.env['USER'] === 'root');
  if (runtimeDirectory === undefined || runtimeDirectory === '' || isRootThere) {
    return '/run/coracle';
  }
  const root = join(runtimeDirectory, 'coracle');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  chmodSync(root, 0o1700);
  return root;
}
