/**
 * The only file that talks to libc.
 *
 * One raw entry, syscall(2), serves every system call: numbers and pointers go in, a number comes
 * out, and −1 becomes a {@link SyscallError}. The idiomatic wrappers are in `calls/`, each with its
 * C prototype. koffi is loaded at the first call, so that commands which make none start faster.
 */
import { createRequire } from 'node:module';
import { SyscallError } from './errors.ts';
import { hostArchitecture, syscallNumber, type SyscallName } from './numbers.ts';

/** What a C `long`, `int` or pointer argument may be; a string is passed as `const char *`. */
export type RawArgument = number | bigint | string | Uint8Array | null;

type Koffi = typeof import('koffi');
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
 * `long syscall(long number, ...)`: makes one system call in this thread.
 *
 * Use a wrapper of `calls/` where there is one. The call's buffers must be `Uint8Array`s that own
 * their memory for as long as the kernel uses it.
 *
 * @returns what the kernel returned, 0 or more.
 * @throws SyscallError with the errno.
 */
export function syscall(name: SyscallName, ...args: RawArgument[]): number {
  const { koffi, syscall: raw } = library();
  const buffers: Uint8Array[] = [];
  const word = (index: number): Word => toWord(koffi, args[index] ?? 0, buffers);
  const nr = syscallNumber(name, hostArchitecture());
  const result = Number(raw(nr, word(0), word(1), word(2), word(3), word(4), word(5)));
  if (result === -1) throw new SyscallError(describeCall(name, args), koffi.errno());
  return result;
}

/** The address of a buffer in this process, for structures that point to others. */
export function addressOf(buffer: Uint8Array): bigint {
  return library().koffi.address(buffer);
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

function toWord(koffi: Koffi, argument: RawArgument, buffers: Uint8Array[]): Word {
  if (argument === null) return 0;
  if (typeof argument === 'number' || typeof argument === 'bigint') return argument;
  const buffer = typeof argument === 'string' ? Buffer.from(`${argument}\0`) : argument;
  // Keeps a string's bytes reachable until the call has returned.
  buffers.push(buffer);
  return koffi.address(buffer);
}

function describeCall(name: SyscallName, args: RawArgument[]): string {
  const shown = args.map((argument) => {
    if (argument === null) return 'NULL';
    if (argument instanceof Uint8Array) return `{${argument.length} bytes}`;
    return typeof argument === 'string' ? JSON.stringify(argument) : String(argument);
  });
  return `${name}(${shown.join(', ')})`;
}
