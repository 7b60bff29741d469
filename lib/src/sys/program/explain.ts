import { describeOperation, describePlace, type Indexes } from './describe.ts';
import type { Operation } from './operation.ts';
import type { SyscallProgram } from './program.ts';

/**
 * A program as annotated strace(1) lines, one for each operation:
 *
 *     12  openat2($4, "dev/pts", {flags=O_PATH, resolve=RESOLVE_IN_ROOT}, 24)   # /mounts/3
 *
 * `$4` is the result of operation 4, and `*(…)` a word that is read when the operation runs. The
 * notes after the call: `?ENOENT` an errno that is not a failure; `?>0` zero is a failure;
 * `=>{…}+8` where the result is stored; `success→15` the program goes on at operation 15 when the
 * call succeeds; `# …` where the call comes from.
 */
export function explain(program: SyscallProgram): string[] {
  const indexes = indexesOf(program);
  const width = String(program.operations.length).length;
  return program.operations.map((operation, index) => {
    const call = describeOperation(operation, indexes);
    const notes = annotate(operation, index);
    return `${String(index).padStart(width)}  ${[call, ...notes].join('   ')}`;
  });
}

/** The position of each operation of a program. */
export function indexesOf(program: SyscallProgram): Indexes {
  return new Map(program.operations.map((operation, index) => [operation, index]));
}

function annotate(operation: Operation, index: number): string[] {
  const { tolerate, zeroIsFailure, storeAt, skip, source } = operation;
  const notes: string[] = [];
  if (tolerate !== undefined) notes.push(`?${tolerate}`);
  if (zeroIsFailure === true) notes.push('?>0');
  if (storeAt !== undefined) notes.push(`=>${describePlace(storeAt)}`);
  if (skip !== undefined) notes.push(`${skip.when}→${index + 1 + skip.count}`);
  if (source !== undefined) notes.push(`# ${source}`);
  return notes;
}
