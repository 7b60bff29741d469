/** What a command of the command line is, and what it gets when it runs. */
import { CoracleError } from 'coracle/base';
import type { CgroupDriver } from 'coracle/cgroups';
import type { CommandName } from './commands/names.ts';
import type { Flag, FlagValues } from './flags.ts';
import type { Log } from './log.ts';

export interface Command {
  readonly name: CommandName;
  /** What follows the flags, and paragraphs about it. */
  readonly argsUsage: string;
  readonly description?: string;
  readonly flags: readonly Flag[];
  /** How many arguments it takes. */
  readonly args: { readonly min: number; readonly max: number };
  /** Everything after the first argument belongs to a command line inside this one. */
  readonly stopAtFirst?: boolean;
  /** Neither flags nor arguments are looked at, not even `--help`. */
  readonly verbatim?: boolean;
  /** The exit code of a failure, and what goes before its message; 1 and nothing by default. */
  readonly failure?: { readonly code?: number; readonly prefix: string };
  /** Runs it. @returns the exit code, where that is not 0. */
  run(call: Call): Result | Promise<Result>;
}

/** Most commands end with 0 and without a word. */
export type Result = number | void;

export interface Call {
  readonly flags: FlagValues;
  readonly args: readonly string[];
  /** Where containers are kept; absolute. */
  readonly root: string;
  /** Whether `--root` was given. */
  readonly ownRoot: boolean;
  /** Who makes the cgroups of new containers. */
  readonly cgroupDriver: CgroupDriver;
  /** `--rootless true` or `false`; `undefined` for `auto`. */
  readonly rootless: boolean | undefined;
  readonly log: Log;
}

/** The container's id: the first argument. @throws CoracleError for an empty one. */
export function containerId({ args }: Call): string {
  const [id = ''] = args;
  if (id === '') throw new CoracleError('CONTAINER_ID', 'container id cannot be empty');
  return id;
}

/** For commands that take one container. */
export const ONE = { min: 1, max: 1 } as const;

/** `argsUsage` of a command on a container that is there. */
export const EXISTING = `<container-id>

Where "<container-id>" is the name for the instance of the container.`;

/** `argsUsage` of a command that makes one. */
export const NEW = `<container-id>

Where "<container-id>" is your name for the instance of the container that you
are starting. The name you provide for the container instance must be unique on
your host.`;
