import type { Descriptor } from '../descriptor.ts';
import { receiveMessage, sendMessage, type SocketMessage } from '../calls/sockets.ts';
import { waitForExit, type ExitStatus } from '../calls/processes.ts';
import { hasCode, SyscallError } from '../errors.ts';
import { hostArchitecture, syscallName } from '../numbers.ts';
import { describeOperation } from './describe.ts';
import { indexesOf } from './explain.ts';
import { FIELD, OPERATION_SIZE, type Operation, type Place } from './operation.ts';
import { place, words, type SyscallProgram } from './program.ts';

/** An operation of a program failed in the child. */
export class ProgramError extends SyscallError {
  /** The operation's position in its program. */
  readonly index: number;
  readonly operation: Operation;
  /** A JSON pointer into config.json, or a few words. */
  readonly source: string | undefined;

  constructor(program: SyscallProgram, index: number, errno: number) {
    const operation = program.operations[index];
    if (operation === undefined) throw new RangeError(`the program has no operation ${index}`);
    super(describeOperation(operation, indexesOf(program)), errno);
    this.index = index;
    this.operation = operation;
    this.source = operation.source;
  }
}

/** A message that a program sends on purpose: a number that both sides know, and a value. */
export interface Notice {
  readonly tag: number;
  readonly value: number;
  readonly descriptors: readonly number[];
}

/**
 * Appends the sending of a notice without a value: one write(2) to `controlFd`. For a value that is
 * known only when the program runs there is {@link noticeWithValue}.
 */
export function notify(program: SyscallProgram, controlFd: number, tag: number): void {
  program.call('write', [controlFd, words([tag, 0], `{notice ${tag}}`), NOTICE_SIZE]);
}

/**
 * A notice whose value an earlier operation stores at `value`, as its `storeAt`. It appends nothing:
 * `block`, of NOTICE_SIZE bytes, is for the write(2) that sends it.
 */
export function noticeWithValue(tag: number): { block: ReturnType<typeof words>; value: Place } {
  const block = words([tag, 0], `{notice ${tag}, value}`);
  return { block, value: place(block, 8) };
}

/** Where the operations of stage 1 begin to count, to tell them from the program's own. */
export const ENTRY_INDEX = 0x8000;

/** Size in bytes of a notice on the control socket. */
export const NOTICE_SIZE = 16;

/**
 * The process that runs a program, and the control socket to it.
 *
 * The child writes two kinds of message: notices, and the record of an operation that failed. The
 * end of the stream means that the child has gone on to `execve`, or is dead.
 */
export class ProgramProcess implements Disposable {
  /** The process that runs the program now; a program that forks tells its new PID by a notice. */
  pid: number;
  readonly #program: SyscallProgram | undefined;
  readonly #entry: SyscallProgram | undefined;
  readonly #control: Descriptor;

  /** @param program `undefined` when another process built it: failures then show less. */
  constructor(
    pid: number,
    program: SyscallProgram | undefined,
    control: Descriptor,
    entry?: SyscallProgram,
  ) {
    this.pid = pid;
    this.#program = program;
    this.#entry = entry;
    this.#control = control;
  }

  /**
   * Waits for the next notice.
   *
   * @returns `undefined` at the end of the stream.
   * @throws ProgramError if an operation has failed; SyscallError if its program is not known.
   */
  receive(): Notice | undefined {
    const { data, descriptors } = this.#receiveMessage();
    if (data.length === OPERATION_SIZE) throw this.#decodeFailure(data);
    if (data.length < NOTICE_SIZE) return undefined;
    const tag = Number(data.readBigInt64LE(0));
    return { tag, value: Number(data.readBigInt64LE(8)), descriptors };
  }

  /**
   * Lets a program that waits in `read` go on; `data` is what it reads.
   *
   * @throws ProgramError if an operation has failed meanwhile; SyscallError EPIPE if the child has
   *   ended without saying why.
   */
  send(data: Uint8Array = new Uint8Array(1)): void {
    try {
      sendMessage(this.#control.fd, data);
    } catch (error) {
      if (!hasCode(error, 'EPIPE')) throw error;
      while (this.receive() !== undefined);
      throw error;
    }
  }

  /** Collects the process; blocks until it has ended. */
  wait(): ExitStatus {
    return waitForExit(this.pid);
  }

  /** Closes the control socket; a program that waits in `read` for it then reads the end. */
  [Symbol.dispose](): void {
    this.#control.close();
  }

  /** The child may have ended with a message unread: ECONNRESET comes once, before what it wrote. */
  #receiveMessage(): SocketMessage {
    try {
      return receiveMessage(this.#control.fd, OPERATION_SIZE);
    } catch (error) {
      if (!hasCode(error, 'ECONNRESET')) throw error;
      return receiveMessage(this.#control.fd, OPERATION_SIZE);
    }
  }

  #decodeFailure(record: Buffer): SyscallError {
    const reported = record.readUInt16LE(FIELD.index);
    const errno = Number(-record.readBigInt64LE(FIELD.result));
    const [program, index] =
      reported < ENTRY_INDEX ? [this.#program, reported] : [this.#entry, reported - ENTRY_INDEX];
    if (program === undefined) {
      const number = Number(record.readBigInt64LE(FIELD.number));
      return new SyscallError(syscallName(number, hostArchitecture()), errno);
    }
    return new ProgramError(program, index, errno);
  }
}
