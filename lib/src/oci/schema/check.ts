/**
 * Checks a value against a schema.
 *
 * Every command of the runtime is a process of its own and checks one config, once. A general
 * validator (ajv) makes functions out of a schema first: measured on a 9 KB config, loading and
 * first running these took 2.8 ms even when they were generated at build time, this walk 1.4 ms.
 * `lib/test/oci/schema.test.ts` holds the walk against ajv.
 */
import type { Schema } from './parts.ts';
import { inRange } from './ranges.ts';

/** The word of the schema that a value did not satisfy. */
export type Keyword = 'type' | 'enum' | 'pattern' | 'integer' | 'required';

/** One thing that a schema does not allow. */
export interface Mismatch {
  /** JSON pointer (RFC 6901) to the value; for `required` to what is missing. */
  pointer: string;
  keyword: Keyword;
  /** What was found; undefined for `required`. */
  value: unknown;
  /** The piece of schema that it had to satisfy. */
  schema: Schema;
}

/** Everything in `value` that `schema` does not allow, in the document's order. */
export function checkSchema(schema: Schema, value: unknown): Mismatch[] {
  const found: Mismatch[] = [];
  walk(schema, value, '', found);
  return found;
}

function walk(schema: Schema, value: unknown, pointer: string, found: Mismatch[]): void {
  const fail = (keyword: Keyword) => found.push({ pointer, keyword, value, schema });
  if (schema.integer !== undefined) {
    if (!inRange(value, schema.integer)) fail('integer');
  } else if (schema.type !== jsonType(value)) {
    fail('type');
  } else if (typeof value === 'string') {
    if (schema.enum !== undefined && !schema.enum.includes(value)) fail('enum');
    if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) fail('pattern');
  } else if (Array.isArray(value)) {
    walkArray(schema, value, pointer, found);
  } else if (typeof value === 'object') {
    walkObject(schema, value as Record<string, unknown>, pointer, found);
  }
}

function walkArray(schema: Schema, value: unknown[], pointer: string, found: Mismatch[]): void {
  const { items } = schema;
  if (items === undefined) return;
  for (const [index, item] of value.entries()) walk(items, item, `${pointer}/${index}`, found);
}

function walkObject(
  schema: Schema,
  value: Record<string, unknown>,
  pointer: string,
  found: Mismatch[],
): void {
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) {
      const part = schema.properties?.[name] ?? {};
      found.push({
        pointer: pointerTo(pointer, name),
        keyword: 'required',
        value: undefined,
        schema: part,
      });
    }
  }
  for (const name of Object.keys(value)) {
    const part = partFor(schema, name);
    if (part !== undefined) walk(part, value[name], pointerTo(pointer, name), found);
  }
}

function partFor(schema: Schema, name: string): Schema | undefined {
  const { properties } = schema;
  const named = properties !== undefined && Object.hasOwn(properties, name);
  return named ? properties[name] : schema.additionalProperties;
}

/** The JSON pointer of a property of the object at `pointer` (RFC 6901, section 3). */
export function pointerTo(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A value's type as JSON names it. */
export function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'bigint') return 'number';
  return Array.isArray(value) ? 'array' : typeof value;
}
