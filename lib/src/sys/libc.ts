/**
 * The only file that talks to libc.
 *
 * One raw entry, syscall(2), serves every system call: numbers and pointers go in, a number comes
 * out, and −1 becomes a {@link SyscallError}. The idiomatic wrappers are in `calls/`, each with its
 * C prototype. koffi is loaded at the first call, so that commands which make none start faster.
 */
import { createRequire } from 'node:module';
import type * as koffiModule from 'koffi';
import { CoracleError } from '../base/index.ts';
import { hasCode, SyscallError } from './errors.ts';
import { hostArchitecture, syscallNumber, type SyscallName } from './numbers.ts';

/** What a C `long`, `int` or pointer argument may be; a string is passed as `const char *`. */
export type RawArgument = number | bigint | string | Uint8Array | null;

type Koffi = typeof koffiModule;
type Word = number | bigint;
type RawClone = (code: Word, stack: Word, flags: number, argument: Word) => number;
type RawSyscall = (nr: number, ...args: [Word, Word, Word, Word, Word, Word]) => Word;

interface Libc {
  readonly koffi: Koffi;
  readonly syscall: RawSyscall;
  readonly clone: RawClone;
}

let loaded: Libc | undefined;

/**
 * What the call that is being made points to. A local variable would not do: after its last use the
 * garbage collector may take a buffer of which the kernel still has the address.
 */
const inFlight: Uint8Array[] = [];

/** What a structure points to lives as long as the structure does. */
const pointees = new WeakMap<Uint8Array, Uint8Array[]>();

/**
 * `long syscall(long number, ...)`: makes one system call in this thread.
 *
 * Use a wrapper of `calls/` where there is one. Buffers stay where they are until the call returns;
 * for those that a structure points to, write the pointer with {@link setPointer}.
 *
 * @returns what the kernel returned, 0 or more.
 * @throws SyscallError with the errno; CoracleError CALL_ARGUMENT for a string with a NUL byte or a
 *   number that is not whole.
 */
export function syscall(name: SyscallName, ...args: RawArgument[]): number {
  const { koffi, syscall: raw } = library();
  inFlight.length = 0;
  const word = (index: number): Word => toWord(koffi, name, args[index] ?? 0);
  const nr = syscallNumber(name, hostArchitecture());
  const result = Number(raw(nr, word(0), word(1), word(2), word(3), word(4), word(5)));
  inFlight.length = 0;
  if (result === -1) throw new SyscallError(describeCall(name, args), koffi.errno());
  return result;
}

/**
 * {@link syscall}, made again whenever a signal has interrupted it (EINTR, signal(7)); for calls
 * that wait. Not for close(2), which has closed the descriptor by then.
 */
export function syscallRetry(name: SyscallName, ...args: RawArgument[]): number {
  for (;;) {
    try {
      return syscall(name, ...args);
    } catch (error) {
      if (!hasCode(error, 'EINTR')) throw error;
    }
  }
}

/** The address of a buffer in this process; it says nothing about how long the buffer lives. */
export function addressOf(buffer: Uint8Array): bigint {
  return library().koffi.address(buffer);
}

/** Writes the address of `target` into a structure, and keeps it for as long as the structure. */
export function setPointer(structure: Uint8Array, offset: number, target: Uint8Array): void {
  const { buffer, byteOffset } = structure;
  new DataView(buffer, byteOffset).setBigUint64(offset, addressOf(target), true);
  const kept = pointees.get(structure);
  if (kept === undefined) pointees.set(structure, [target]);
  else kept.push(target);
}

/** Loads a shared library by its soname, for the few that the kernel interface cannot replace. */
export function loadLibrary(soname: string): ReturnType<Koffi['load']> {
  return library().koffi.load(soname);
}

/**
 * `int clone(int (*fn)(void *), void *stack, int flags, void *arg)`: a child that starts at `code`.
 *
 * `code` must be machine code that never returns and needs nothing of libc: the child has no
 * JavaScript, no other threads, and with CLONE_VM it shares all memory with this process.
 *
 * @returns the child's PID.
 */
export function clone(code: bigint, stack: bigint, flags: number): number {
  const { koffi, clone: raw } = library();
  const pid = raw(code, stack, flags, 0);
  if (pid === -1) throw new SyscallError(`clone(0x${flags.toString(16)})`, koffi.errno());
  return pid;
}

/** Memory of this process at `address`, as bytes; valid until it is unmapped. */
export function memoryAt(address: bigint, size: number): Uint8Array {
  return new Uint8Array(library().koffi.view(address, size));
}

/** The C string at `address` of this process's memory; it must end with a NUL byte. */
export function stringAt(address: bigint): string {
  return library().koffi.decode(address, 'char', -1) as string;
}

function library(): Libc {
  if (loaded !== undefined) return loaded;
  const koffi = createRequire(import.meta.url)('koffi') as Koffi;
  const libc = koffi.load('libc.so.6');
  const word = 'int64_t';
  loaded = {
    koffi,
    syscall: libc.func('syscall', word, [word, word, word, word, word, word, word]) as RawSyscall,
    clone: libc.func('clone', 'int', [word, word, 'int', word]) as RawClone,
  };
  return loaded;
}

function toWord(koffi: Koffi, name: string, argument: RawArgument): Word {
  if (argument === null) return 0;
  if (typeof argument === 'bigint') return argument;
  if (typeof argument === 'number') {
    if (Number.isSafeInteger(argument)) return argument;
    throw new CoracleError(
      'CALL_ARGUMENT',
      `${name}: ${argument} is not a whole number; pass a bigint beyond 2^53`,
    );
  }
  const buffer = typeof argument === 'string' ? cString(name, argument) : argument;
  inFlight.push(buffer);
  return koffi.address(buffer);
}

function cString(name: string, text: string): Uint8Array {
  if (!text.includes('\0')) return Buffer.from(`${text}\0`);
  throw new CoracleError(
    'CALL_ARGUMENT',
    `${name}: ${JSON.stringify(text)} has a NUL byte, which no C string can hold; remove it`,
  );
}

function describeCall(name: SyscallName, args: RawArgument[]): string {
  const shown = args.map((argument) => {
    if (argument === null) return 'NULL';
    if (argument instanceof Uint8Array) return `{${argument.length} bytes}`;
    return typeof argument === 'string' ? JSON.stringify(argument) : String(argument);
  });
  return `${name}(${shown.join(', ')})`;
}
