/** A program that the learner's function has filled, as text that checks compare. */
import {
  argumentCount,
  describeOperation,
  explain,
  type Operation,
  type SyscallProgram,
} from 'coracle/sys';
import type { ProgramView } from './protocol.ts';

export function viewOf(program: SyscallProgram, returned: unknown): ProgramView {
  const lines = explain(program);
  const indexes = new Map(program.operations.map((operation, index) => [operation, index]));
  const calls = program.operations.map((operation, index) => {
    const written = describeOperation(operation, indexes);
    const whole = describeOperation(withAllArguments(operation), indexes);
    return withoutPlaces(lines[index] ?? '').replace(written, () => whole);
  });
  const isData =
    returned === undefined || ['string', 'number', 'boolean'].includes(typeof returned);
  return { lines, calls, returned: isData ? returned : undefined };
}

/** `12  close($3)   # /root/path` without the position, and without where it comes from. */
function withoutPlaces(line: string): string {
  return line.replace(/^\s*\d+\s+/, '').replace(/\s+# .*$/, '');
}

/** What is left out is 0 for the kernel, and so is NULL. */
function withAllArguments(operation: Operation): Operation {
  const { name, args } = operation;
  const count = Math.max(args.length, argumentCount(name));
  return { ...operation, args: Array.from({ length: count }, (_, at) => args[at] ?? 0) };
}
