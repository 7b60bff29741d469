/**
 * Turns a program into bytes: code, then operations, then memory, for one address.
 *
 *     base          the loop, preceded by two instructions that set its registers
 *     base + 4096   operations, 80 bytes each
 *     …             strings, structures and zeroed space, each aligned to 16 bytes
 *
 * Nothing here needs Linux: the same program gives the same bytes on any system.
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

/** Size in bytes of the page that holds the code. */
export const CODE_SIZE = 4096;

export interface AssembleOptions {
  readonly arch: Architecture;
  /** Where the code will be in the child's memory; a multiple of 4096. */
  readonly base: number;
  /** The descriptor to which a failed operation is written. */
  readonly controlFd: number;
  /** What the first operation calls itself in a failure record; 0 unless two programs share a link. */
  readonly firstIndex?: number;
}

/** Code (at `base`) and data (at `base + CODE_SIZE`) of a program. */
export interface Assembled {
  readonly code: Uint8Array;
  readonly data: Uint8Array;
}

export function assemble(program: SyscallProgram, options: AssembleOptions): Assembled {
  const firstOperation = options.base + CODE_SIZE;
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
    this.#end = start + program.operations.length * OPERATION_SIZE;
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
    for (const [index, operation] of this.#operations.entries()) {
      this.#writeOperation(view, index, operation, arch);
      view.setUint16(index * OPERATION_SIZE + FIELD.index, firstIndex + index, true);
    }
    for (const [block, address] of this.#addresses) {
      const offset = address - this.#start;
      if (block.bytes !== undefined) data.set(block.bytes, offset);
      for (const [index, word] of (block.words ?? []).entries()) {
        setWord(view, offset + index * 8, this.#value(word));
      }
    }
    return data;
  }

  #writeOperation(view: DataView, index: number, operation: Operation, arch: Architecture): void {
    const at = index * OPERATION_SIZE;
    setWord(view, at + FIELD.number, syscallNumber(operation.name, arch));
    let loadMask = 0;
    for (const [position, argument] of operation.args.entries()) {
      setWord(view, at + FIELD.args + position * 8, this.#value(argument));
      if (isLoaded(argument)) loadMask |= 1 << position;
    }
    if (operation.storeAt !== undefined) {
      setWord(view, at + FIELD.storeAt, this.#value(operation.storeAt));
    }
    view.setUint8(at + FIELD.loadMask, loadMask);
    view.setUint8(at + FIELD.mode, modeOf(operation));
    view.setUint16(at + FIELD.tolerate, tolerated(operation), true);
    view.setUint16(at + FIELD.skip, operation.skip?.count ?? 0, true);
  }

  #reserve(argument: Argument): void {
    if (typeof argument === 'string') this.#reserve(this.#intern(argument));
    if (typeof argument !== 'object' || argument === null || argument.kind === 'result') return;
    if (argument.kind === 'load') return this.#reserve(argument.place.block);
    if (argument.kind === 'place') return this.#reserve(argument.block);
    if (this.#addresses.has(argument)) return;
    this.#end = align16(this.#end);
    this.#addresses.set(argument, this.#end);
    this.#end += argument.size;
    for (const word of argument.words ?? []) this.#reserve(word);
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

function setWord(view: DataView, offset: number, value: number | bigint): void {
  view.setBigInt64(offset, BigInt.asIntN(64, BigInt(value)), true);
}

function align16(address: number): number {
  return Math.ceil(address / 16) * 16;
}
