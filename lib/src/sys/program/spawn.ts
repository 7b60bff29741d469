/**
 * Runs a program in a child process.
 *
 *     this process ──clone(CLONE_VM|CLONE_VFORK)──▶ stage 1: keep descriptors, execveat
 *                                                   stage 2: the program, in its own executable
 *
 * Stage 1 borrows this process's memory for a few microseconds, as posix_spawn(3) does: a plain
 * fork would copy Node's page tables and keep its pages alive for as long as the container waits.
 * All signals are blocked meanwhile, since the child must not run libuv's handlers.
 */
import { CoracleError } from '../../base/index.ts';
import { CLONE_VFORK, CLONE_VM } from '../constants/clone.ts';
import { AT_EMPTY_PATH, CLOSE_RANGE_CLOEXEC, F_SETFD } from '../constants/open.ts';
import { SIG_SETMASK, SIGCHLD } from '../constants/process.ts';
import type { Descriptor } from '../descriptor.ts';
import { sealedMemoryFile } from '../calls/files.ts';
import { clone, memoryAt, syscall } from '../libc.ts';
import { hostArchitecture } from '../numbers.ts';
import { assemble, CODE_SIZE, DATA_OFFSET } from './assemble.ts';
import { buildExecutable } from './executable.ts';
import { ENTRY_INDEX, ProgramProcess } from './process.ts';
import { SyscallProgram, words } from './program.ts';

/** How the child is connected to this process. */
export interface SpawnOptions {
  /** The child's end of a SOCK_SEQPACKET pair; the program must have been built with its number. */
  readonly childControl: Descriptor;
  /** This process's end. */
  readonly control: Descriptor;
  /** Descriptors that stay open in the child, under the same numbers; no others but the control. */
  readonly keep: readonly number[];
  /** Shown as the process's name until the container's own program runs. */
  readonly name: string;
}

/**
 * Starts the program and returns the process that runs it; does not wait for it.
 *
 * The child has this process's umask, working directory and ignored signals, and a mask that blocks
 * every signal: a program that goes on to `execve` sets what it wants of them.
 *
 * @throws SyscallError EAGAIN or ENOMEM when there can be no more processes; CoracleError
 *   PROGRAM_SIZE for some thousand kept descriptors; and what `assemble` throws. That the child could not
 *   reach its second stage is thrown by its first `receive()`.
 */
export function spawnProgram(program: SyscallProgram, options: SpawnOptions): ProgramProcess {
  const controlFd = options.childControl.fd;
  const arch = hostArchitecture();
  using file = sealedMemoryFile(options.name, buildExecutable(program, { arch, controlFd }));
  const entry = enterExecutable(file.fd, [controlFd, ...options.keep], options.name);
  const pid = startAt(entry, controlFd);
  options.childControl.close();
  return new ProgramProcess(pid, program, options.control, entry);
}

/** Stage 1: as short as it can be, since this process stands still while it runs. */
function enterExecutable(file: number, keep: readonly number[], name: string): SyscallProgram {
  const program = new SyscallProgram();
  program.call('close_range', [0, ~0 >>> 0, CLOSE_RANGE_CLOEXEC]);
  for (const fd of keep) program.call('fcntl', [fd, F_SETFD, 0]);
  const argv = words([name, null]);
  program.call('execveat', [file, '', argv, words([null]), AT_EMPTY_PATH]);
  return program;
}

function startAt(program: SyscallProgram, controlFd: number): number {
  const { address, memory } = arena();
  const { code, data } = assemble(program, {
    arch: hostArchitecture(),
    base: Number(address),
    controlFd,
    firstIndex: ENTRY_INDEX,
  });
  if (DATA_OFFSET + data.length + STACK_SIZE > ARENA_SIZE) {
    throw new CoracleError(
      'PROGRAM_SIZE',
      `${program.operations.length} operations do not fit into stage 1; keep fewer descriptors`,
    );
  }
  protectCode(address, PROT_READ | PROT_WRITE);
  memory.set(code, 0);
  memory.set(data, DATA_OFFSET);
  protectCode(address, PROT_READ | PROT_EXEC);
  const mask = blockAllSignals();
  try {
    return clone(address, address + BigInt(ARENA_SIZE), CLONE_VM | CLONE_VFORK | SIGCHLD);
  } finally {
    setSignalMask(mask);
  }
}

const ARENA_SIZE = 1 << 18;
const STACK_SIZE = 4096;
const PROT_READ = 1;
const PROT_WRITE = 2;
const PROT_EXEC = 4;
const MAP_PRIVATE_ANONYMOUS = 0x22;

let mapped: { address: bigint; memory: Uint8Array } | undefined;

/** One arena serves every spawn: the child has left it when clone returns (CLONE_VFORK). */
function arena(): { address: bigint; memory: Uint8Array } {
  if (mapped !== undefined) return mapped;
  const address = BigInt(
    syscall('mmap', 0, ARENA_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0),
  );
  mapped = { address, memory: memoryAt(address, ARENA_SIZE) };
  return mapped;
}

function protectCode(address: bigint, protection: number): void {
  syscall('mprotect', address, CODE_SIZE, protection);
}

function blockAllSignals(): Uint8Array {
  const previous = new Uint8Array(8);
  syscall('rt_sigprocmask', SIG_SETMASK, new Uint8Array(8).fill(0xff), previous, 8);
  return previous;
}

function setSignalMask(mask: Uint8Array): void {
  syscall('rt_sigprocmask', SIG_SETMASK, mask, null, 8);
}
