/** The learner's program as data: what the kernel would get, whatever a block is called. */
import type { appendUser } from 'coracle/runtime';
import { notify, socketpair, space, spawnProgram, SyscallProgram } from 'coracle/sys';
import type { Argument, ProgramProcess } from 'coracle/sys';

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
    return `${name}(${args.map(value).join(', ')})${notes.join('')}`;
  });
}

function value(argument: Argument): string {
  if (typeof argument !== 'object' || argument === null) return String(argument);
  if (argument.kind !== 'bytes' || argument.bytes === undefined) return argument.kind;
  return `<${Buffer.from(argument.bytes).toString('hex')}>`;
}

const READY = 100;

/** Runs it in a process that then waits, to be looked at. */
export function become(learner: Learner, input: Input): { pid?: number; failed?: string } {
  const [control, childControl] = socketpair();
  const program = new SyscallProgram();
  learner.appendUser(program, { user: input.user, cwd: '/' }, { mayBeDenied: false });
  notify(program, childControl.fd, READY);
  program.call('read', [childControl.fd, space(8), 8]);
  const options = { control, childControl, keep: [0, 1, 2], name: 'exercise' };
  const child = spawnProgram(program, options);
  running.push(child);
  try {
    return child.receive()?.tag === READY ? { pid: child.pid } : { failed: 'it ended' };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

/** Kept, so that they live until the check has looked at them. */
const running: ProgramProcess[] = [];
