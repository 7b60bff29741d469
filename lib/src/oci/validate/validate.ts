/**
 * Everything that is wrong with a config, at once.
 *
 * First the structure, against the schema; then the rules, each only if the parts that it reads
 * have the right structure. So one typo never hides the problems elsewhere.
 */
import type { RuntimeConfig } from '../config.ts';
import { checkSchema, jsonType } from '../schema/check.ts';
import { configSchema } from '../schema/config.ts';
import type { Schema } from '../schema/parts.ts';
import { processSchema } from '../schema/process.ts';
import { resourcesSchema } from '../schema/resources.ts';
import { reportInto } from './problem.ts';
import type { Validation } from './problem.ts';
import { RULES } from './rules/index.ts';
import { isWithin } from './section.ts';
import { reportMismatch } from './structure.ts';

/**
 * Validates a whole config.json, already parsed by `parseExactJson` (config.md).
 *
 * Unknown properties and the sections of other platforms are ignored. What runc accepts in
 * practice is at most a warning.
 */
export function validateConfig(value: unknown): Validation {
  return validateAt('', configSchema, value, (config) => config);
}

/** Validates a process object on its own, as `exec --process` reads it (config.md, "Process"). */
export function validateProcess(value: unknown): Validation {
  return validateAt('/process', processSchema, value, (process) => ({ process }));
}

/** Validates a resources object on its own, as `update --resources` reads it. */
export function validateResources(value: unknown): Validation {
  const wrap = (resources: unknown) => ({ linux: { resources } });
  return validateAt('/linux/resources', resourcesSchema, value, wrap);
}

/** `base` is where the value would stand in a config.json, and `wrap` puts it there. */
function validateAt(
  base: string,
  schema: Schema,
  value: unknown,
  wrap: (value: unknown) => unknown,
): Validation {
  const validation: Validation = { errors: [], warnings: [] };
  const report = reportInto(validation);
  const mismatches = checkSchema(schema, value).map((mismatch) => ({
    ...mismatch,
    pointer: base + mismatch.pointer,
  }));
  for (const mismatch of mismatches) reportMismatch(mismatch, report);
  if (jsonType(value) === 'object') {
    const config = wrap(value) as RuntimeConfig;
    const broken = mismatches.map(({ pointer }) => pointer);
    for (const { reads, check } of RULES) {
      const inBase =
        base === '' || reads.length === 0 || reads.some((read) => isWithin(read, base));
      if (inBase && !touches(broken, reads)) check(config, report);
    }
  }
  for (const problem of [...validation.errors, ...validation.warnings]) {
    problem.pointer = problem.pointer.slice(base.length);
  }
  return validation;
}

/** Whether something broken lies inside of what is read, or holds it. */
function touches(broken: readonly string[], reads: readonly string[]): boolean {
  return broken.some((at) => reads.some((read) => isWithin(at, read) || isWithin(read, at)));
}
