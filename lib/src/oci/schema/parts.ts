/**
 * The few words that the schemas are written in.
 *
 * Each makes one piece of JSON Schema, of the part of that language which `check.ts` reads. There
 * is one word that JSON Schema lacks: `integer`, with the name of a range. Unknown properties are
 * always allowed, because config.md ("Extensibility") wants them ignored.
 */
import type { RangeName } from './ranges.ts';

/** A piece of schema. */
export interface Schema {
  readonly type?: 'string' | 'boolean' | 'array' | 'object';
  /** The strings allowed. */
  readonly enum?: readonly string[];
  /** A regular expression that must match somewhere. */
  readonly pattern?: string;
  /** The pattern in words, for messages. */
  readonly description?: string;
  readonly integer?: RangeName;
  /** For every element of an array. */
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** For every property that `properties` does not name. */
  readonly additionalProperties?: Schema;
}

export const text: Schema = { type: 'string' };
export const truth: Schema = { type: 'boolean' };
export const texts: Schema = listOf(text);
export const textMap: Schema = mapOf(text);

/** A string in which `pattern` is found; `description` says the same in words. */
export function textLike(pattern: string, description: string): Schema {
  return { type: 'string', pattern, description };
}

/** A whole number of a named range. */
export function integer(range: RangeName): Schema {
  return { integer: range };
}

/** One of these strings. */
export function oneOf(names: readonly string[]): Schema {
  return { type: 'string', enum: names };
}

/** An array of these. */
export function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

/** An object with any names and these values. */
export function mapOf(values: Schema): Schema {
  return { type: 'object', additionalProperties: values };
}

/** An object with these properties, some of them required. */
export function object(properties: Record<string, Schema>, required: string[] = []): Schema {
  return { type: 'object', properties, required };
}
