/** A scenario of the loop, and the calls that all of them are made of. */
import type {
  Architecture,
  OperationOptions,
  Result,
  SyscallProgram,
} from '../../../src/sys/index.ts';

/** What the loop must do, as a program that anybody may run, and what is seen from outside. */
export interface Scenario {
  readonly name: string;
  readonly build: (program: SyscallProgram, arch: Architecture) => void;
  /** What is on standard output. */
  readonly output?: string;
  /** The failure record; the exit code is 127 with one and 0 without. */
  readonly failure?: { readonly index: number; readonly result: number };
  readonly exitCode?: number;
}

export const STDOUT = 1;

/** Appends a write of `text` to standard output. */
export function say(program: SyscallProgram, text: string, options: OperationOptions = {}): Result {
  return program.call('write', [STDOUT, text, Buffer.byteLength(text)], options);
}

/** Appends a call that returns 0. */
export function zero(program: SyscallProgram, options: OperationOptions = {}): Result {
  return program.call('chdir', ['/'], options);
}

/** Appends a call that fails with ENOENT. */
export function missing(program: SyscallProgram, options: OperationOptions = {}): Result {
  return program.call('chdir', ['/does/not/exist'], options);
}
