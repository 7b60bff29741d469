/**
 * A wrong config.json, written as what makes it wrong.
 *
 * Each begins as the config of `coracle-runtime spec`, which is valid. `set` puts values at JSON
 * pointers, `drop` removes what is at them. `text` is the whole file instead.
 */
import { defaultSpec, stringifyExactJson } from 'coracle/oci';

export interface WrongConfig {
  /** What is wrong, in a few words: the heading in the golden file. */
  readonly wrong: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly drop?: readonly string[];
  readonly text?: string;
}

/** The text of the wrong config.json. */
export function textOf({ text, set = {}, drop = [] }: WrongConfig): string {
  if (text !== undefined) return text;
  const config: unknown = defaultSpec();
  for (const [pointer, value] of Object.entries(set)) {
    const { holder, name } = placeOf(config, pointer);
    holder[name] = value;
  }
  for (const pointer of drop) {
    const { holder, name } = placeOf(config, pointer);
    if (!Object.hasOwn(holder, name)) throw new Error(`nothing to drop at ${pointer}`);
    if (Array.isArray(holder)) holder.splice(Number(name), 1);
    else delete holder[name];
  }
  return stringifyExactJson(config);
}

/** What makes it wrong, on a line or more, for the golden file. */
export function changesOf({ text, set = {}, drop = [] }: WrongConfig): string[] {
  if (text !== undefined) return [`config.json is ${text === '' ? 'empty' : text}`];
  return [
    ...Object.entries(set).map(([at, value]) => `${at} = ${shorten(stringifyExactJson(value))}`),
    ...drop.map((at) => `no ${at}`),
  ];
}

function shorten(json: string): string {
  return json.length > 160 ? `${json.slice(0, 160)}…` : json;
}

/** The object that holds what is at `pointer`; objects on the way are made. */
function placeOf(config: unknown, pointer: string) {
  const names = pointer.slice(1).split('/').map(unescape);
  const name = names.pop() ?? '';
  let holder = config as Record<string, unknown>;
  for (const step of names) {
    holder[step] ??= {};
    holder = holder[step] as Record<string, unknown>;
  }
  return { holder, name };
}

/** RFC 6901, section 4. */
function unescape(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
