/**
 * What goes wrong with control groups, in words a person can act on.
 *
 * The kernel answers a refused limit with a bare errno. A `CgroupError` adds what was being
 * written where, the line of the OCI configuration it came from, and the usual reason.
 */
import { CoracleError } from '../base/index.ts';

/** Where an error happened; every field that is known is filled in. */
export interface CgroupErrorDetails {
  readonly controller?: string;
  /** Absolute path of the cgroup file or directory. */
  readonly file?: string;
  readonly value?: string;
  /** Name of the errno, such as `EBUSY`. */
  readonly errno?: string;
  /** JSON pointer into the OCI configuration, such as `/linux/resources/memory/limit`. */
  readonly source?: string;
  readonly cause?: unknown;
}

/** A control group could not be created, limited, read or removed. `code` starts with `CGROUP_`. */
export class CgroupError extends CoracleError {
  readonly controller: string | undefined;
  readonly file: string | undefined;
  readonly value: string | undefined;
  readonly errno: string | undefined;
  readonly source: string | undefined;

  constructor(code: string, message: string, details: CgroupErrorDetails = {}) {
    super(code, message, details.cause === undefined ? undefined : { cause: details.cause });
    this.controller = details.controller;
    this.file = details.file;
    this.value = details.value;
    this.errno = details.errno;
    this.source = details.source;
  }
}

/** The errno's name of anything thrown by `node:fs` or the system call layer, if it has one. */
export function errnoOf(thrown: unknown): string | undefined {
  if (thrown instanceof CgroupError) return thrown.errno;
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** The error for a resource that the configuration asks for and this host cannot give. */
export function unsupported(source: string, controller: string, why: string): CgroupError {
  return new CgroupError('CGROUP_UNSUPPORTED', `${source}: ${why}`, { source, controller });
}

/** The error for a resource whose value no kernel would take. */
export function invalidResource(
  source: string,
  controller: string,
  value: unknown,
  why: string,
): CgroupError {
  const message = `${source}: ${why} (got ${JSON.stringify(value)})`;
  return new CgroupError('CGROUP_INVALID', message, { source, controller, value: String(value) });
}
