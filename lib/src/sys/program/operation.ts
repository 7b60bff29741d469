/**
 * What a {@link SyscallProgram} is made of.
 *
 * An operation is one system call. Its arguments are numbers, constants in the program's memory
 * (strings, bytes, structures), or values that only exist when the program runs: the result of an
 * earlier operation, or a word that one has stored.
 */
import type { ErrnoName } from '../errno.ts';
import type { SyscallName } from '../numbers.ts';

/** Constant or zeroed memory of the program; as an argument it is its address. */
export interface Block {
  readonly kind: 'bytes' | 'words' | 'space';
  readonly size: number;
  /** The contents: raw bytes, or 8-byte words that may themselves be addresses. */
  readonly bytes?: Uint8Array;
  readonly words?: readonly ConstantArgument[];
  /** How `explain()` shows it, such as `{flags=O_PATH, resolve=RESOLVE_IN_ROOT}`. */
  readonly shown?: Shown;
}

/** A text, or how to make it: most programs are run without being shown. */
export type Shown = string | (() => string);

/** A place inside a block; as an argument it is that address. */
export interface Place {
  readonly kind: 'place';
  readonly block: Block;
  readonly offset: number;
}

/** The 8-byte word at a place, read when the operation runs. */
export interface Load {
  readonly kind: 'load';
  readonly place: Place;
}

/** What an earlier operation returned, read when the operation runs. */
export interface Result {
  readonly kind: 'result';
  readonly operation: Operation;
}

/** Known when the program is assembled. A string is a NUL-terminated `const char *`. */
export type ConstantArgument = number | bigint | string | null | Block | Place;

export type Argument = ConstantArgument | Load | Result;

/** When an operation jumps over the `count` operations after it. */
export interface Skip {
  readonly when: 'zero' | 'success' | 'error';
  count: number;
}

/** How an operation differs from a plain call. */
export interface OperationOptions {
  /** The one errno that is not a failure here; `'any'` for all. */
  readonly tolerate?: ErrnoName | 'any';
  /** A result of 0 is a failure: end of file, the other side is gone. */
  readonly zeroIsFailure?: boolean;
  /** Where else to keep the result (8 bytes), for structures such as a `cmsghdr`. */
  readonly storeAt?: Place;
  /** Where the call comes from: a JSON pointer into config.json, or a few words. */
  readonly source?: string;
}

/** One system call of a program. */
export interface Operation extends OperationOptions {
  readonly name: SyscallName;
  readonly args: readonly Argument[];
  skip?: Skip;
}

/** Size in bytes of an operation in the child's memory. */
export const OPERATION_SIZE = 80;

/** Offsets of an operation's fields; the loops of both architectures are written against these. */
export const FIELD = {
  number: 0,
  args: 8,
  result: 56,
  storeAt: 64,
  index: 72,
  loadMask: 74,
  mode: 75,
  tolerate: 76,
  skip: 78,
} as const;

/** Bits of the `mode` byte. */
export const MODE = { zeroIsFailure: 1, skipOnZero: 2, skipOnSuccess: 4, skipOnError: 8 } as const;

/** The `tolerate` field's value for "any errno". */
export const ANY_ERRNO = 0xffff;
