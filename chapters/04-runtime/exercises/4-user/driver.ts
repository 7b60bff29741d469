/** The learner's program as data: what the kernel would get, whatever a block is called. */
import type { appendUser } from 'coracle/runtime';
import { argumentCount, SyscallProgram, type Argument } from 'coracle/sys';
import { settle, type Outcome } from '../../../../tests/grader/learner/settle.ts';

type Process = Parameters<typeof appendUser>[1];

interface Learner {
  readonly appendUser: typeof appendUser;
}

interface Input {
  readonly user: Process['user'];
  readonly mayBeDenied: boolean;
}

/** One line an operation: numbers as they are, memory as its bytes. */
export function operations(learner: Learner, { user, mayBeDenied }: Input): string[] {
  const program = new SyscallProgram();
  learner.appendUser(program, { user, cwd: '/' }, { mayBeDenied });
  return program.operations.map(({ name, args, tolerate, source }) => {
    const notes = [
      tolerate === undefined ? '' : ` ?${tolerate}`,
      source === undefined ? '' : ` # ${source}`,
    ];
    // What is left out at the end is 0 for the kernel.
    const count = Math.max(args.length, argumentCount(name));
    const all = Array.from({ length: count }, (_, at) => value(args[at] ?? 0));
    return `${name}(${all.join(', ')})${notes.join('')}`;
  });
}

function value(argument: Argument): string {
  if (typeof argument !== 'object' || argument === null) return String(argument);
  if (argument.kind !== 'bytes' || argument.bytes === undefined) return argument.kind;
  return `<${Buffer.from(argument.bytes).toString('hex')}>`;
}

/** Runs it in a process that then waits, to be looked at. */
export function become(learner: Learner, { user }: Input): Outcome {
  return settle((program) =>
    learner.appendUser(program, { user, cwd: '/' }, { mayBeDenied: false }),
  );
}
