/** Puts what a schema does not allow into words. */
import type { Mismatch } from '../schema/check.ts';
import type { Schema } from '../schema/parts.ts';
import { RANGES } from '../schema/ranges.ts';
import { nearest } from './nearest.ts';
import type { Report } from './problem.ts';

/** Reports one mismatch between the document and its schema. */
export function reportMismatch(mismatch: Mismatch, report: Report): void {
  const { pointer, value, schema } = mismatch;
  report.error(pointer, value, describe(schema), adviceFor(mismatch));
}

/** What a schema allows, as the end of "it must be …". */
function describe(schema: Schema): string {
  if (schema.integer !== undefined) {
    const [least, most] = RANGES[schema.integer];
    return `a whole number from ${least} to ${most}`;
  }
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  if (schema.description !== undefined) return schema.description;
  return TYPES[schema.type ?? 'object'];
}

const TYPES = {
  string: 'a string',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
} as const;

function adviceFor({ keyword, value, schema, pointer }: Mismatch): string {
  switch (keyword) {
    case 'required':
      return `Add "${pointer.slice(pointer.lastIndexOf('/') + 1)}".`;
    case 'enum':
      return adviceForName(String(value), schema.enum ?? []);
    case 'pattern':
      return 'Write it in that form.';
    case 'integer':
      return adviceForInteger(value);
    case 'type':
      return adviceForType(value, schema);
  }
}

function adviceForName(found: string, names: readonly string[]): string {
  const name = nearest(found, names);
  return name === undefined ? 'Use one of these names.' : `Did you mean "${name}"?`;
}

function adviceForType(value: unknown, schema: Schema): string {
  if (schema.type === 'string' && typeof value === 'number') return 'Put it in quotes.';
  if (schema.type === 'boolean' && (value === 'true' || value === 'false')) {
    return 'Remove the quotes.';
  }
  if (schema.type === 'array') return 'Put it in square brackets.';
  return 'Give it a value of that type.';
}

function adviceForInteger(value: unknown): string {
  if (typeof value === 'bigint' || typeof value === 'number') {
    return 'Choose a whole number in that range.';
  }
  const quoted = typeof value === 'string' && /^-?[0-9]+$/.test(value);
  return quoted ? 'Remove the quotes.' : 'Write a plain number, without a unit or quotes.';
}
