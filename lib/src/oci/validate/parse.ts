/**
 * From the text of a file to a config that the layers below can trust.
 *
 * parse → drop what is empty → validate → fill in. After that, a missing property means "not
 * given", every value is in its range, and `process.user` is there.
 */
import type { RuntimeConfig } from '../config.ts';
import { parseExactJson } from '../json.ts';
import type { Process, User } from '../process.ts';
import type { LinuxResources } from '../resources.ts';
import { configSchema } from '../schema/config.ts';
import { dropEmpty } from '../schema/empty.ts';
import type { Schema } from '../schema/parts.ts';
import { processSchema } from '../schema/process.ts';
import { resourcesSchema } from '../schema/resources.ts';
import { ConfigError } from './config-error.ts';
import type { Validation, ValidationError } from './problem.ts';
import { validateConfig, validateProcess, validateResources } from './validate.ts';

/** `onWarning` gets what is wrong but does no harm; runtime.md ("Warnings") wants it logged. */
export interface ParseOptions {
  /** Called for each oddity that does no harm. */
  onWarning?: (warning: ValidationError) => void;
}

/**
 * Reads the text of a config.json (config.md). `path` is only for messages.
 *
 * Throws `ConfigError`, which lists every problem.
 */
export function parseConfig(source: string, path: string, options?: ParseOptions): RuntimeConfig {
  const config = parse(source, path, configSchema, validateConfig, options) as RuntimeConfig;
  if (config.process !== undefined) fillUser(config.process);
  // runc takes a section without an action for "no filter"; it has been warned about.
  const action: string | undefined = config.linux?.seccomp?.defaultAction;
  if (config.linux !== undefined && action === undefined) delete config.linux.seccomp;
  return config;
}

/** Reads a process object, as `exec --process` takes it. Throws `ConfigError`. */
export function parseProcess(source: string, path: string, options?: ParseOptions): Process {
  const process = parse(source, path, processSchema, validateProcess, options) as Process;
  fillUser(process);
  return process;
}

/** Reads a resources object, as `update --resources` takes it. Throws `ConfigError`. */
export function parseResources(
  source: string,
  path: string,
  options?: ParseOptions,
): LinuxResources {
  return parse(source, path, resourcesSchema, validateResources, options) as LinuxResources;
}

function parse(
  source: string,
  path: string,
  schema: Schema,
  validate: (value: unknown) => Validation,
  options: ParseOptions = {},
): unknown {
  const value = parseText(source, path);
  // Hardly any text has one of these, and looking for them is faster than a walk.
  if (/null|""/.test(source)) dropEmpty(schema, value);
  const { errors, warnings } = validate(value);
  for (const warning of warnings) options.onWarning?.(warning);
  if (errors.length > 0) throw new ConfigError(path, errors);
  return value;
}

function parseText(source: string, path: string): unknown {
  try {
    return parseExactJson(source);
  } catch (cause) {
    const problem: ValidationError = {
      pointer: '',
      found: cause instanceof Error ? `text that is not JSON (${cause.message})` : 'no JSON',
      allowed: 'one JSON object',
      next: 'Look for a missing comma, quote or bracket.',
      section: 'config.md, "Configuration"',
    };
    throw new ConfigError(path, [problem], { cause });
  }
}

/** Root, as Go's zero value has it, where runc's callers leave out the user or a part of it. */
function fillUser(process: { user?: Partial<User> }): void {
  process.user = { uid: 0, gid: 0, ...process.user };
}
