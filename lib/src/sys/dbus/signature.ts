/**
 * D-Bus type signatures (D-Bus Specification, "Type System"), and the values that go with them.
 *
 * `s` is a string, `as` a list of strings, `a(sv)` a list of pairs of a string and a variant. Pure.
 */
import { CoracleError } from '../../base/index.ts';

/** What JavaScript has for each type. Numbers of 64 bits may be bigints. */
export type DBusValue = boolean | number | bigint | string | DBusVariant | readonly DBusValue[];

/** `v`: a value that carries its own type. */
export interface DBusVariant {
  readonly signature: string;
  readonly value: DBusValue;
}

/** The types that hold no others. */
const BASIC = 'ybnqiuxtdsogh';

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '{': '}' };

/** Whether it is one basic type. */
export function isBasic(type: string): boolean {
  return type.length === 1 && BASIC.includes(type);
}

/**
 * The complete types of a signature: `sa(sv)u` → `s`, `a(sv)`, `u`.
 *
 * @throws CoracleError DBUS_SIGNATURE for one that D-Bus does not know.
 */
export function splitSignature(signature: string): string[] {
  const types: string[] = [];
  for (let start = 0; start < signature.length;) {
    const end = endOfType(signature, start);
    types.push(signature.slice(start, end));
    start = end;
  }
  return types;
}

/** What is between the brackets of a structure or a dictionary's entry. */
export function membersOf(type: string): string {
  return type.slice(1, -1);
}

function endOfType(signature: string, start: number): number {
  const code = signature[start] ?? '';
  if (code !== '' && (BASIC.includes(code) || code === 'v')) return start + 1;
  if (code === 'a') return endOfType(signature, start + 1);
  const closing = CLOSING[code];
  if (closing === undefined) throw wrong(signature);
  let end = start + 1;
  while (signature[end] !== closing) end = endOfType(signature, end);
  if (end === start + 1) throw wrong(signature);
  return end + 1;
}

function wrong(signature: string): CoracleError {
  const message = `${JSON.stringify(signature)} is not a D-Bus signature; give types such as s, t, as or a(sv)`;
  return new CoracleError('DBUS_SIGNATURE', message);
}
