/**
 * The learner's process: loads one file, and does what it is asked. `node child.ts FILE LAYER`.
 *
 * Its first message says that the file is loaded, or why it is not.
 */
import { flushCompileCache } from 'node:module';
import { pathToFileURL } from 'node:url';
import { SyscallProgram } from 'coracle/sys';
import { NO_FUNCTION, type Answer, type ProgramView, type Request } from './protocol.ts';
import { describeThrown, placesIn } from './thrown.ts';
import { viewOf } from './view.ts';

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
    send({ id, thrown: describeThrown(error, placesIn(file)) });
  }
}

/** A value that cannot be copied (a function, a handle) is itself a mistake, and told as one. */
function send(message: Answer): void {
  try {
    post?.(message);
  } catch (error) {
    post?.({ id: message.id, thrown: describeThrown(error, placesIn(file)) });
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

async function drive(learner: Functions, request: Request & { kind: 'drive' }): Promise<unknown> {
  const driver = await load(pathToFileURL(request.driver).href);
  const value = await functionOf(driver, request.name)(functionsOnly(learner), request.input);
  return value instanceof SyscallProgram ? viewOf(value, undefined) : value;
}

/** A driver that calls what the module does not have is told so by name. */
function functionsOnly(learner: Functions): Functions {
  return new Proxy(learner, { get: (module, name) => functionOf(module, String(name)) });
}

function functionOf(module: Functions, name: string): (...args: unknown[]) => unknown {
  const value = Object.hasOwn(module, name) ? module[name] : undefined;
  if (typeof value === 'function') return value as (...args: unknown[]) => unknown;
  throw Object.assign(new Error(name), { code: NO_FUNCTION });
}

/** The names of functions that are not written here, but passed on from lib. */
async function copiedFromLib(learner: Functions): Promise<string[]> {
  if (file.includes(`/lib/src/${layer}/parts/`)) return [];
  const reference = await load(`coracle/${layer}`);
  return Object.keys(learner).filter(
    (name) => typeof learner[name] === 'function' && learner[name] === reference[name],
  );
}
