import { AT_FDCWD } from '../constants/open.ts';
import { flagNames, SIGNATURES, type ArgumentKind } from '../signatures.ts';
import type { Argument, Block, Operation } from './operation.ts';
import type { SyscallProgram } from './program.ts';

/**
 * A program as annotated strace(1) lines, one for each operation:
 *
 *     12  openat2($4, "dev/pts", {flags=O_PATH, resolve=RESOLVE_IN_ROOT}, 24)   # /mounts/3
 *
 * `$4` is the result of operation 4. `?ENOENT` marks an errno that is not a failure, and
 * `success→15` that the program goes on at operation 15 when the call succeeds.
 */
export function explain(program: SyscallProgram): string[] {
  const indexes = new Map(program.operations.map((operation, index) => [operation, index]));
  const width = String(program.operations.length).length;
  return program.operations.map((operation, index) => {
    const call = describeOperation(operation, indexes);
    const notes = annotate(operation, index);
    return `${String(index).padStart(width)}  ${[call, ...notes].join('   ')}`;
  });
}

/** One operation as strace(1) would print the call. */
export function describeOperation(
  operation: Operation,
  indexes: ReadonlyMap<Operation, number> = new Map(),
): string {
  const kinds = SIGNATURES[operation.name] ?? [];
  const args = operation.args.map((argument, position) =>
    describeArgument(argument, kinds[position] ?? 'int', indexes),
  );
  return `${operation.name}(${args.join(', ')})`;
}

function annotate({ tolerate, zeroIsFailure, skip, source }: Operation, index: number): string[] {
  const notes: string[] = [];
  if (tolerate !== undefined) notes.push(`?${tolerate}`);
  if (zeroIsFailure === true) notes.push('?>0');
  if (skip !== undefined) notes.push(`${skip.when}→${index + 1 + skip.count}`);
  if (source !== undefined) notes.push(`# ${source}`);
  return notes;
}

function describeArgument(
  argument: Argument,
  kind: ArgumentKind,
  indexes: ReadonlyMap<Operation, number>,
): string {
  if (argument === null) return 'NULL';
  if (typeof argument === 'string') return JSON.stringify(argument);
  if (typeof argument === 'number' || typeof argument === 'bigint')
    return describeNumber(argument, kind);
  switch (argument.kind) {
    case 'result':
      return `$${indexes.get(argument.operation) ?? '?'}`;
    case 'load':
      return `*${describeBlock(argument.place.block)}`;
    case 'place':
      return `${describeBlock(argument.block)}+${argument.offset}`;
    default:
      return describeBlock(argument);
  }
}

function describeNumber(value: number | bigint, kind: ArgumentKind): string {
  if (typeof kind === 'object') {
    const number = Number(value);
    if ('flags' in kind) return flagNames(number, kind.flags);
    return kind.oneOf.find(([, candidate]) => candidate === number)?.[0] ?? String(value);
  }
  switch (kind) {
    case 'fd':
      return value === AT_FDCWD ? 'AT_FDCWD' : String(value);
    case 'octal':
      return `0${value.toString(8)}`;
    case 'hex':
      return `0x${value.toString(16)}`;
    case 'pointer':
      return Number(value) === 0 ? 'NULL' : `0x${value.toString(16)}`;
    case 'int':
      return String(value);
  }
}

function describeBlock(block: Block): string {
  if (block.shown !== undefined) return block.shown;
  if (block.words !== undefined) {
    const indexes = new Map<Operation, number>();
    return `[${block.words.map((word) => describeArgument(word, 'int', indexes)).join(', ')}]`;
  }
  return block.bytes === undefined ? `{${block.size} bytes of space}` : `{${block.size} bytes}`;
}
