/**
 * Turns a program into bytes: code, then operations, then memory, for one address.
 *
 *     base             the loop, preceded by instructions that set its registers
 *     base + 0x11000   operations, 80 bytes each
 *     …                strings, structures and zeroed space, each aligned to 16 bytes
 *
 * Code and data never share a page, not even one of 64 KB, which arm64 kernels may have: pages are
 * either executable or writable. Nothing here needs Linux: the same program gives the same bytes on
 * any system.
 */
import { CoracleError } from '../../base/index.ts';
import { ERRNO } from '../errno.ts';
import { syscallNumber, type Architecture } from '../numbers.ts';
import { assembleLoop as assembleLoopArm64 } from './loop-arm64.ts';
import { assembleLoop as assembleLoopX64 } from './loop-x64.ts';
import {
  ANY_ERRNO,
  FIELD,
  MODE,
  OPERATION_SIZE,
  type Argument,
  type Block,
  type Operation,
  type Place,
} from './operation.ts';
import type { SyscallProgram } from './program.ts';

/** The most bytes that the code takes, and its place in a file. */
export const CODE_SIZE = 4096;

/** The largest page of a supported kernel. */
export const LARGEST_PAGE = 0x10000;

/**
 * How far the data is from the base: beyond the code's page, whatever its size, and with the offset
 * into its own page that it has in a file (mmap(2) wants the two to agree).
 */
export const DATA_OFFSET = LARGEST_PAGE + CODE_SIZE;

/** The failure record has 15 bits for an operation's index; the sixteenth tells two programs apart. */
const MOST_OPERATIONS = 0x7fff;

/** What a program is assembled for. */
export interface AssembleOptions {
  readonly arch: Architecture;
  /** The beginning of the page in which the code will be, in the child's memory. */
  readonly base: number;
  /** The descriptor to which a failed operation is written. */
  readonly controlFd: number;
  /** What the first operation calls itself in a failure record; 0 unless two programs share a link. */
  readonly firstIndex?: number;
}

/** Code (in the page at `base`) and data (at `base + DATA_OFFSET`) of a program. */
export interface Assembled {
  readonly code: Uint8Array;
  readonly data: Uint8Array;
}

/**
 * The bytes of a program for one architecture and address.
 *
 * @throws CoracleError PROGRAM_SIZE for more than 32767 operations; PROGRAM_RESULT if an argument is
 *   the result of another program's operation; PROGRAM_STRING for a NUL byte in a string;
 *   PROGRAM_WORD for a number that 64 bits cannot hold.
 */
export function assemble(program: SyscallProgram, options: AssembleOptions): Assembled {
  if (program.operations.length > MOST_OPERATIONS) {
    throw new CoracleError(
      'PROGRAM_SIZE',
      `a program has at most ${MOST_OPERATIONS} operations, this one ${program.operations.length}; run it as two`,
    );
  }
  const firstOperation = options.base + DATA_OFFSET;
  const layout = new Layout(program, firstOperation);
  const data = layout.write(options.arch, options.firstIndex ?? 0);
  const assembleLoop = options.arch === 'x64' ? assembleLoopX64 : assembleLoopArm64;
  return { code: assembleLoop({ firstOperation, controlFd: options.controlFd }), data };
}

/** Gives every operation and block its address, then writes them. */
class Layout {
  readonly #operations: readonly Operation[];
  readonly #indexes = new Map<Operation, number>();
  readonly #start: number;
  readonly #strings = new Map<string, Block>();
  readonly #addresses = new Map<Block, number>();
  #end: number;

  constructor(program: SyscallProgram, start: number) {
    this.#operations = program.operations;
    this.#start = start;
    this.#end = start + (program.operations.length + 1) * OPERATION_SIZE;
    for (const [index, operation] of program.operations.entries()) {
      this.#indexes.set(operation, index);
    }
    for (const operation of program.operations) {
      for (const argument of operation.args) this.#reserve(argument);
      if (operation.storeAt !== undefined) this.#reserve(operation.storeAt);
    }
  }

  write(arch: Architecture, firstIndex: number): Uint8Array {
    const data = new Uint8Array(this.#end - this.#start);
    const view = new DataView(data.buffer);
    let index = 0;
    for (const operation of this.#operations) {
      this.#writeOperation(view, index, operation, arch);
      view.setUint16(index * OPERATION_SIZE + FIELD.index, firstIndex + index, true);
      index += 1;
    }
    this.#writeEnd(view, arch);
    for (const [block, address] of this.#addresses) {
      const offset = address - this.#start;
      if (block.bytes !== undefined) data.set(block.bytes, offset);
      for (const [position, word] of (block.words ?? []).entries()) {
        setWord(view, offset + position * 8, this.#value(word));
      }
    }
    return data;
  }

  #writeOperation(view: DataView, index: number, operation: Operation, arch: Architecture): void {
    const at = index * OPERATION_SIZE;
    setWord(view, at + FIELD.number, syscallNumber(operation.name, arch));
    let loadMask = 0;
    let position = 0;
    for (const argument of operation.args) {
      // The memory is zero already, and most arguments are.
      if (argument !== 0 && argument !== null) {
        setWord(view, at + FIELD.args + position * 8, this.#value(argument));
        if (isLoaded(argument)) loadMask |= 1 << position;
      }
      position += 1;
    }
    if (operation.storeAt !== undefined) {
      setWord(view, at + FIELD.storeAt, this.#value(operation.storeAt));
    }
    view.setUint8(at + FIELD.loadMask, loadMask);
    view.setUint8(at + FIELD.mode, modeOf(operation));
    view.setUint16(at + FIELD.tolerate, tolerated(operation), true);
    view.setUint16(at + FIELD.skip, operation.skip?.count ?? 0, true);
  }

  /** One more operation, exit_group(0): nothing runs past the end of a program. */
  #writeEnd(view: DataView, arch: Architecture): void {
    const at = this.#operations.length * OPERATION_SIZE;
    setWord(view, at + FIELD.number, syscallNumber('exit_group', arch));
  }

  #reserve(argument: Argument): void {
    if (typeof argument === 'string') this.#reserve(this.#intern(argument));
    if (typeof argument !== 'object' || argument === null || argument.kind === 'result') return;
    if (argument.kind === 'load') this.#reserve(argument.place.block);
    else if (argument.kind === 'place') this.#reserve(argument.block);
    else if (!this.#addresses.has(argument)) this.#allot(argument);
  }

  #allot(block: Block): void {
    this.#end = align16(this.#end);
    this.#addresses.set(block, this.#end);
    this.#end += block.size;
    for (const word of block.words ?? []) this.#reserve(word);
  }

  #value(argument: Argument): number | bigint {
    if (argument === null) return 0;
    if (typeof argument === 'number' || typeof argument === 'bigint') return argument;
    if (typeof argument === 'string') return this.#addressOf(this.#intern(argument));
    if (argument.kind === 'load') return this.#placeAddress(argument.place);
    if (argument.kind === 'place') return this.#placeAddress(argument);
    if (argument.kind !== 'result') return this.#addressOf(argument);
    const index = this.#indexes.get(argument.operation);
    if (index === undefined) {
      throw new CoracleError(
        'PROGRAM_RESULT',
        `an argument is the result of ${argument.operation.name}, which is not in this program`,
      );
    }
    return this.#start + index * OPERATION_SIZE + FIELD.result;
  }

  #placeAddress({ block, offset }: Place): number {
    return this.#addressOf(block) + offset;
  }

  #addressOf(block: Block): number {
    const address = this.#addresses.get(block);
    if (address === undefined) throw new TypeError('a block was not reserved');
    return address;
  }

  #intern(text: string): Block {
    let block = this.#strings.get(text);
    if (block === undefined) {
      if (text.includes('\0')) {
        throw new CoracleError(
          'PROGRAM_STRING',
          `${JSON.stringify(text)} has a NUL byte, which no C string can hold; remove it`,
        );
      }
      const contents = Buffer.from(`${text}\0`);
      block = { kind: 'bytes', size: contents.length, bytes: contents };
      this.#strings.set(text, block);
    }
    return block;
  }
}

function isLoaded(argument: Argument): boolean {
  if (typeof argument !== 'object' || argument === null) return false;
  return argument.kind === 'result' || argument.kind === 'load';
}

function modeOf({ zeroIsFailure, skip }: Operation): number {
  const zero = zeroIsFailure === true ? MODE.zeroIsFailure : 0;
  switch (skip?.when) {
    case undefined:
      return zero;
    case 'zero':
      return zero | MODE.skipOnZero;
    case 'success':
      return zero | MODE.skipOnSuccess;
    case 'error':
      return zero | MODE.skipOnError;
  }
}

function tolerated({ tolerate }: Operation): number {
  if (tolerate === undefined) return 0;
  return tolerate === 'any' ? ANY_ERRNO : ERRNO[tolerate];
}

/** Signed or unsigned: −1 and 2⁶⁴−1 are the same 64 bits. */
function setWord(view: DataView, offset: number, value: number | bigint): void {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw notAWord(value);
    // In two halves: a bigint for every word of a program would take most of the time it takes.
    view.setUint32(offset, value, true);
    view.setInt32(offset + 4, Math.floor(value / 2 ** 32), true);
    return;
  }
  if (BigInt.asIntN(64, value) !== value && BigInt.asUintN(64, value) !== value) {
    throw notAWord(value);
  }
  view.setBigInt64(offset, BigInt.asIntN(64, value), true);
}

function notAWord(value: number | bigint): CoracleError {
  return new CoracleError(
    'PROGRAM_WORD',
    `${value} is not a whole number of 64 bits; pass a bigint where a number is not exact`,
  );
}

function align16(address: number): number {
  return Math.ceil(address / 16) * 16;
}
