/** One argument of an operation, as strace(1) would show it. */
import { AT_FDCWD } from '../constants/open.ts';
import { deviceName, flagNames, modeNames, openFlagNames, SIGNALS, valueName } from '../names.ts';
import { SIGNATURES, type ArgumentKind } from '../signatures.ts';
import type { Argument, Block, Operation, Place } from './operation.ts';

/** The position of each operation in its program, for `$4`. */
export type Indexes = ReadonlyMap<Operation, number>;

/** One operation as strace(1) would print the call; `$?` is a result of an unknown position. */
export function describeOperation(operation: Operation, indexes: Indexes = new Map()): string {
  const kinds = SIGNATURES[operation.name] ?? [];
  const args = operation.args.map((argument, position) => {
    const kind = resolveKind(kinds[position] ?? 'int', operation.args);
    return describeArgument(argument, kind, indexes);
  });
  return `${operation.name}(${args.join(', ')})`;
}

/** A block with an offset, such as `{16 bytes of space}+8`. */
export function describePlace({ block, offset }: Place): string {
  return offset === 0 ? describeBlock(block) : `${describeBlock(block)}+${offset}`;
}

function resolveKind(kind: ArgumentKind, args: readonly Argument[]): ArgumentKind {
  if (typeof kind !== 'object' || !('of' in kind)) return kind;
  const command = args[kind.of];
  return (typeof command === 'number' ? kind.cases.get(command) : undefined) ?? 'int';
}

function describeArgument(argument: Argument, kind: ArgumentKind, indexes: Indexes): string {
  if (argument === null) return 'NULL';
  if (typeof argument === 'string') return JSON.stringify(argument);
  if (typeof argument === 'number' || typeof argument === 'bigint') {
    return describeNumber(argument, kind);
  }
  switch (argument.kind) {
    case 'result':
      return `$${indexes.get(argument.operation) ?? '?'}`;
    case 'load':
      return `*(${describePlace(argument.place)})`;
    case 'place':
      return describePlace(argument);
    default:
      return describeBlock(argument);
  }
}

function describeNumber(value: number | bigint, kind: ArgumentKind): string {
  const number = Number(value);
  if (typeof kind === 'object') return describeNamed(number, kind);
  switch (kind) {
    case 'fd':
      return describeDescriptor(number);
    case 'octal':
      return `0${value.toString(8)}`;
    case 'hex':
      return `0x${value.toString(16)}`;
    case 'pointer':
      return number === 0 ? 'NULL' : `0x${value.toString(16)}`;
    case 'signal':
      return valueName(number, SIGNALS);
    case 'mode':
      return modeNames(number);
    case 'device':
      return number === 0 ? '0' : deviceName(BigInt(value));
    case 'open flags':
      return openFlagNames(number);
    case 'int':
      return String(value);
  }
}

function describeNamed(value: number, kind: Exclude<ArgumentKind, string>): string {
  if ('of' in kind) return String(value);
  if ('oneOf' in kind) return valueName(value, kind.oneOf);
  if (!('mask' in kind)) return flagNames(value, kind.flags);
  const low = value & kind.mask;
  const high = flagNames(value & ~kind.mask, kind.flags);
  if (low === 0) return high;
  return [...(high === '0' ? [] : [high]), valueName(low, kind.low)].join('|');
}

function describeDescriptor(fd: number): string {
  if (fd === AT_FDCWD) return 'AT_FDCWD';
  return fd === 0xffffffff ? '~0U' : String(fd);
}

function describeBlock(block: Block): string {
  if (typeof block.shown === 'function') return block.shown();
  if (block.shown !== undefined) return block.shown;
  if (block.words !== undefined) {
    return `[${block.words.map((word) => describeArgument(word, 'int', new Map())).join(', ')}]`;
  }
  return block.bytes === undefined ? `{${block.size} bytes of space}` : describeBytes(block.bytes);
}

const MOST_TEXT = 64;

/** Text as text, for what is written to files; anything else by its size. */
function describeBytes(contents: Uint8Array): string {
  const text = Buffer.from(contents).toString('latin1');
  const isText = contents.length <= MOST_TEXT && /^[\t\n\x20-\x7e]*$/.test(text);
  return isText ? JSON.stringify(text) : `{${contents.length} bytes}`;
}
