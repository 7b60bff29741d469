/**
 * What "not given" may look like.
 *
 * Engines are written in Go, and so is runc: there, `null` and an empty string in an optional
 * property mean the same as no property at all, and engines do write both. Dropping them here
 * leaves one way of saying "not given" to everything that comes after.
 */
import type { Schema } from './parts.ts';

/**
 * Removes, in place, every `null` property, and every empty string in an optional property that
 * the schema knows. Maps keep theirs: an empty annotation is a value.
 */
export function dropEmpty(schema: Schema | undefined, value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) dropEmpty(schema?.items, item);
  } else if (typeof value === 'object' && value !== null) {
    dropEmptyProperties(schema, value as Record<string, unknown>);
  }
}

function dropEmptyProperties(schema: Schema | undefined, value: Record<string, unknown>): void {
  for (const [name, item] of Object.entries(value)) {
    const known = schema?.properties?.[name];
    const optional = known?.type === 'string' && !schema?.required?.includes(name);
    if (item === null || (item === '' && optional)) delete value[name];
    else dropEmpty(known ?? schema?.additionalProperties, item);
  }
}
