import { CoracleError } from '../../base/index.ts';
import type { SyscallName } from '../numbers.ts';
import type {
  Argument,
  Block,
  ConstantArgument,
  Load,
  Operation,
  OperationOptions,
  Place,
  Result,
  Shown,
} from './operation.ts';

/**
 * A list of system calls that a child process will make, in order, with no code of ours between
 * them: a container as data.
 *
 * Build it with {@link call}; run it with `spawnProgram`; read it with `explain`. An operation that
 * fails ends the child and is reported to the parent, unless it says what it tolerates. A child that
 * comes to the end of its program exits with status 0.
 */
export class SyscallProgram {
  readonly operations: Operation[] = [];
  #source: string | undefined;

  /** Appends one system call and returns a handle on its future result. */
  call(name: SyscallName, args: readonly Argument[], options: OperationOptions = {}): Result {
    const source = options.source ?? this.#source;
    const operation: Operation = {
      name,
      args,
      ...options,
      ...(source !== undefined && { source }),
    };
    this.operations.push(operation);
    return { kind: 'result', operation };
  }

  /** Appends what `body` appends; the child jumps over it when the earlier call went that way. */
  skipWhen(earlier: Result, when: 'zero' | 'success' | 'error', body: () => void): void {
    if (this.operations.at(-1) !== earlier.operation) {
      throw new CoracleError(
        'PROGRAM_ORDER',
        `the skipped part must follow ${earlier.operation.name} directly; append it first`,
      );
    }
    const start = this.operations.length;
    body();
    earlier.operation.skip = { when, count: this.operations.length - start };
  }

  /** Names the origin (a JSON pointer into config.json) of every call that `body` appends. */
  from<T>(source: string, body: () => T): T {
    const outer = this.#source;
    this.#source = source;
    try {
      return body();
    } finally {
      this.#source = outer;
    }
  }
}

/** Constant bytes in the program's memory. */
export function bytes(contents: Uint8Array, shown?: Shown): Block {
  return {
    kind: 'bytes',
    size: contents.length,
    bytes: contents,
    ...(shown !== undefined && { shown }),
  };
}

/** A constant array of 8-byte words: `argv`, `struct msghdr`, `struct open_how`. */
export function words(items: readonly ConstantArgument[], shown?: Shown): Block {
  return {
    kind: 'words',
    size: items.length * 8,
    words: items,
    ...(shown !== undefined && { shown }),
  };
}

/** Zeroed memory that operations write to. */
export function space(size: number): Block {
  return { kind: 'space', size };
}

/** The address `offset` bytes into a block. */
export function place(block: Block, offset = 0): Place {
  return { kind: 'place', block, offset };
}

/** The 8-byte word that will be at a place when the operation runs. */
export function load(where: Place): Load {
  return { kind: 'load', place: where };
}
