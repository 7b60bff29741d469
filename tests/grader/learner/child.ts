/**
 * The learner's process: loads one file, and does what it is asked. `node child.ts FILE LAYER`.
 *
 * Its first message says that the file is loaded, or why it is not.
 */
import { flushCompileCache } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { SyscallProgram, explain } from 'coracle/sys';
import type { Answer, ProgramView, Request, Thrown } from './protocol.ts';

type Functions = Readonly<Record<string, unknown>>;

const [, , file = '', layer = ''] = process.argv;

/** Taken before the learner's code is loaded, which has nothing to say to the grader by itself. */
const post = process.send?.bind(process);
delete process.send;

// A loop that prints never comes back to write what is waiting: so a write waits for its reader.
for (const stream of [process.stdout, process.stderr]) blockOn(stream);

await answer(0, async () => {
  await loadTrusted();
  const learner = await load(pathToFileURL(file).href);
  process.on('message', ({ id, request }: { id: number; request: Request }) => {
    void answer(id, () => perform(learner, request));
  });
  return copiedFromLib(learner);
});

function blockOn(stream: NodeJS.WriteStream): void {
  const { _handle: handle } = stream as { _handle?: { setBlocking?: (wait: boolean) => void } };
  handle?.setBlocking?.(true);
}

/**
 * Loads lib, and keeps what was compiled for the next process: that is most of a start. Then the
 * right to write, which the cache needs, is given up, before the learner's code is there to use it.
 */
async function loadTrusted(): Promise<void> {
  await load(`coracle/${layer}`);
  flushCompileCache();
  const { permission } = process as { readonly permission?: NodeJS.ProcessPermission };
  permission?.drop('fs.write');
}

async function load(url: string): Promise<Functions> {
  return (await import(url)) as Functions;
}

async function answer(id: number, act: () => unknown): Promise<void> {
  try {
    send({ id, value: await act() });
  } catch (error) {
    send({ id, thrown: describe(error) });
  }
}

/** A value that cannot be copied (a function, a handle) is itself a mistake, and told as one. */
function send(message: Answer): void {
  try {
    post?.(message);
  } catch (error) {
    post?.({ id: message.id, thrown: describe(error) });
  }
}

function perform(learner: Functions, request: Request): unknown {
  switch (request.kind) {
    case 'call':
      return functionOf(learner, request.name)(...request.args);
    case 'program':
      return fillProgram(functionOf(learner, request.name), request.args);
    case 'drive':
      return drive(learner, request);
  }
}

function fillProgram(fill: (...args: unknown[]) => unknown, args: readonly unknown[]): ProgramView {
  const program = new SyscallProgram();
  const returned = fill(program, ...args);
  return viewOf(program, returned);
}

/** `12  close($3)   # /root/path` without the position, and without where it comes from. */
function viewOf(program: SyscallProgram, returned: unknown): ProgramView {
  const lines = explain(program);
  const calls = lines.map((line) => line.replace(/^\s*\d+\s+/, '').replace(/\s+# .*$/, ''));
  const isData =
    returned === undefined || ['string', 'number', 'boolean'].includes(typeof returned);
  return { lines, calls, returned: isData ? returned : undefined };
}

async function drive(learner: Functions, request: Request & { kind: 'drive' }): Promise<unknown> {
  const driver = await load(pathToFileURL(request.driver).href);
  const value = await functionOf(driver, request.name)(learner, request.input);
  return value instanceof SyscallProgram ? viewOf(value, undefined) : value;
}

function functionOf(module: Functions, name: string): (...args: unknown[]) => unknown {
  const value = Object.hasOwn(module, name) ? module[name] : undefined;
  if (typeof value === 'function') return value as (...args: unknown[]) => unknown;
  throw new Error(`there is no exported function '${name}' any more`);
}

/** The names of functions that are not written here, but passed on from lib. */
async function copiedFromLib(learner: Functions): Promise<string[]> {
  if (file.includes(`/lib/src/${layer}/parts/`)) return [];
  const reference = await load(`coracle/${layer}`);
  return Object.keys(learner).filter(
    (name) => typeof learner[name] === 'function' && learner[name] === reference[name],
  );
}

/** `plan.ts:12:7`, if this line of a stack is in the learner's file; lib may have one of that name. */
function placeIn(line: string): string | undefined {
  const found = [`${pathToFileURL(file).href}:`, `${file}:`].find((each) => line.includes(each));
  if (found === undefined) return undefined;
  const place = line.slice(line.indexOf(found) + found.length).replace(/\)$/, '');
  return `${path.basename(file)}:${place}`;
}

function describe(error: unknown): Thrown {
  if (!(error instanceof Error)) {
    return { name: 'a value that is no Error', message: String(error), code: undefined, at: [] };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const stack = error.stack?.split('\n') ?? [];
  const at = stack.flatMap((line) => placeIn(line) ?? []);
  return { name: error.name, message: error.message, code, at };
}
