/**
 * Checks a value against a schema.
 *
 * Every command of the runtime is a process of its own and checks one config, once. A general
 * validator (ajv) makes functions out of a schema first. Measured on a 9 KB config: to load and run
 * these took 2.6 ms even when they were generated at build time, and 78 KB; this walk 1.3 and 7.
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

/**
 * Where the walk is, innermost name first. It becomes a pointer only for a mismatch: writing the
 * pointer of every value would cost more than checking it.
 */
interface Place {
  readonly within: Place | undefined;
  readonly name: string | number;
}

/** Everything in `value` that `schema` does not allow, in the document's order. */
export function checkSchema(schema: Schema, value: unknown): Mismatch[] {
  const found: Mismatch[] = [];
  walk(schema, value, undefined, found);
  return found;
}

function walk(schema: Schema, value: unknown, place: Place | undefined, found: Mismatch[]): void {
  const keyword = mismatch(schema, value);
  if (keyword !== undefined) {
    found.push({ pointer: pointerOf(place), keyword, value, schema });
  } else if (Array.isArray(value)) {
    walkArray(schema, value, place, found);
  } else if (typeof value === 'object' && value !== null) {
    walkObject(schema, value as Record<string, unknown>, place, found);
  }
}

/** The word that the value itself does not satisfy, leaving out what is inside of it. */
function mismatch(schema: Schema, value: unknown): Keyword | undefined {
  if (schema.integer !== undefined) return inRange(value, schema.integer) ? undefined : 'integer';
  if (schema.type !== jsonType(value)) return 'type';
  if (typeof value !== 'string') return undefined;
  if (schema.enum !== undefined && !schema.enum.includes(value)) return 'enum';
  const fits = schema.pattern === undefined || new RegExp(schema.pattern).test(value);
  return fits ? undefined : 'pattern';
}

function walkArray(
  schema: Schema,
  value: unknown[],
  within: Place | undefined,
  found: Mismatch[],
): void {
  const { items } = schema;
  if (items === undefined) return;
  for (const [name, item] of value.entries()) walk(items, item, { within, name }, found);
}

function walkObject(
  schema: Schema,
  value: Record<string, unknown>,
  within: Place | undefined,
  found: Mismatch[],
): void {
  for (const name of schema.required ?? []) {
    if (Object.hasOwn(value, name)) continue;
    const pointer = pointerOf({ within, name });
    const part = schema.properties?.[name] ?? {};
    found.push({ pointer, keyword: 'required', value: undefined, schema: part });
  }
  for (const name of Object.keys(value)) {
    const part = partFor(schema, name);
    if (part !== undefined) walk(part, value[name], { within, name }, found);
  }
}

function partFor(schema: Schema, name: string): Schema | undefined {
  const { properties } = schema;
  const named = properties !== undefined && Object.hasOwn(properties, name);
  return named ? properties[name] : schema.additionalProperties;
}

function pointerOf(place: Place | undefined): string {
  return place === undefined ? '' : pointerTo(pointerOf(place.within), String(place.name));
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
