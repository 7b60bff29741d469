/**
 * Puts values into a D-Bus message and takes them out, by signature. The bytes on the wire are the
 * library's business: sd_bus_message_append_basic(3), sd_bus_message_open_container(3).
 */
import { CoracleError } from '../../base/index.ts';
import { stringAt } from '../libc.ts';
import { libsystemd, type Handle } from '../libsystemd.ts';
import { checkBus } from './errors.ts';
import {
  isBasic,
  membersOf,
  splitSignature,
  type DBusValue,
  type DBusVariant,
} from './signature.ts';

/** Appends one value for each complete type of `signature`. */
export function appendValues(
  message: Handle,
  signature: string,
  values: readonly DBusValue[],
): void {
  const types = splitSignature(signature);
  if (types.length !== values.length) throw mismatch(signature, values);
  for (const [index, type] of types.entries()) append(message, type, values[index] ?? 0);
}

function append(message: Handle, type: string, value: DBusValue): void {
  if (isBasic(type)) {
    const code = type.charCodeAt(0);
    checkBus(libsystemd().appendBasic(message, code, encode(type, value)), 'append_basic', type);
  } else if (type === 'v') {
    if (!isVariant(value)) throw mismatch(type, value);
    inContainer(message, 'v', value.signature, () => append(message, value.signature, value.value));
  } else {
    if (!Array.isArray(value)) throw mismatch(type, value);
    const values: readonly DBusValue[] = value;
    if (type.startsWith('a')) {
      const element = type.slice(1);
      inContainer(message, 'a', element, () => {
        for (const item of values) append(message, element, item);
      });
    } else {
      const members = membersOf(type);
      const code = type.startsWith('(') ? 'r' : 'e';
      inContainer(message, code, members, () => appendValues(message, members, values));
    }
  }
}

function inContainer(message: Handle, code: string, contents: string, fill: () => void): void {
  const opened = libsystemd().openContainer(message, code.charCodeAt(0), contents);
  checkBus(opened, 'open_container', code + contents);
  fill();
  checkBus(libsystemd().closeContainer(message), 'close_container', code + contents);
}

/** Strings are passed as they are, the others by pointer to a value of their size. */
function encode(type: string, value: DBusValue): Uint8Array {
  if ('sog'.includes(type)) {
    if (typeof value !== 'string' || value.includes('\0')) throw mismatch(type, value);
    return Buffer.from(`${value}\0`);
  }
  const bytes = Buffer.alloc(8);
  // BOOLEAN is an int for the library.
  if (type === 'b') bytes.writeInt32LE(value === true ? 1 : 0);
  else if (type === 'd') bytes.writeDoubleLE(Number(value));
  else if (typeof value === 'number' || typeof value === 'bigint') {
    bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
  } else throw mismatch(type, value);
  return bytes;
}

/** The values of a message from where it is read, by a signature of basic types and variants of them. */
export function readValues(message: Handle, signature: string): DBusValue[] {
  return splitSignature(signature).map((type) => read(message, type));
}

function read(message: Handle, type: string): DBusValue {
  const slot = Buffer.alloc(8);
  const result = libsystemd().readBasic(message, type.charCodeAt(0), slot);
  checkBus(result, 'read_basic', type);
  if ('sog'.includes(type)) return stringAt(slot.readBigUInt64LE());
  if (type === 'b') return slot.readInt32LE() !== 0;
  if (type === 'd') return slot.readDoubleLE();
  return type === 't' || type === 'x' ? slot.readBigUInt64LE() : slot.readUInt32LE();
}

/** A variant that must hold the basic type `type`. */
export function readVariant(message: Handle, type: string): DBusValue {
  const entered = libsystemd().enterContainer(message, 'v'.charCodeAt(0), type);
  checkBus(entered, 'enter_container', type);
  const value = read(message, type);
  checkBus(libsystemd().exitContainer(message), 'exit_container', type);
  return value;
}

function isVariant(value: DBusValue): value is DBusVariant {
  return typeof value === 'object' && 'signature' in value;
}

function mismatch(type: string, value: DBusValue): CoracleError {
  const shown = JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? String(part) : part,
  );
  const message = `${shown} is no value of the D-Bus type ${type}; give one that is`;
  return new CoracleError('DBUS_VALUE', message);
}
