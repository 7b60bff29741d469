/** Runs one program of the test run, with a time limit, and never with our stdin. */
import { spawn, type ChildProcess } from 'node:child_process';

/** How a program ended. `output` is empty unless it was captured. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  readonly output: string;
  readonly seconds: number;
}

const graceMs = 15_000;

/**
 * Runs `command` and waits for its end. After `limitMs` it gets SIGTERM, and SIGKILL after a
 * grace of fifteen seconds. With `capture` its stdout and stderr are kept, else they are ours.
 * @throws Error when the program cannot be started.
 */
export async function runChild(
  command: readonly string[],
  options: { readonly limitMs: number; readonly capture?: boolean; readonly cwd: string },
): Promise<Ended> {
  const started = performance.now();
  const [program = '', ...args] = command;
  const sink = options.capture === true ? 'pipe' : 'inherit';
  const child = spawn(program, args, {
    cwd: options.cwd,
    stdio: ['ignore', sink, sink],
    env: process.stdout.isTTY && sink === 'inherit' ? process.env : plainEnvironment(),
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));

  let timedOut = false;
  const limit = setTimeout(() => {
    timedOut = true;
    stop(child);
  }, options.limitMs);
  const onTerm = (): void => stop(child);
  process.on('SIGTERM', onTerm);
  try {
    const [code, signal] = await ended(child);
    const seconds = (performance.now() - started) / 1000;
    return { code, signal, timedOut, output: Buffer.concat(chunks).toString('utf8'), seconds };
  } finally {
    clearTimeout(limit);
    process.off('SIGTERM', onTerm);
  }
}

/** Some tools colour their output in a pipe too, unless they are told not to. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, ...rest } = process.env;
  return { ...rest, NO_COLOR: '1' };
}

function stop(child: ChildProcess): void {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), graceMs).unref();
}

/**
 * 'exit', not 'close': a process that a test leaked may hold the streams open for ever. What was
 * still in the pipe gets a moment to arrive.
 */
function ended(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const late = setTimeout(() => resolve([code, signal]), 1000);
      child.once('close', () => {
        clearTimeout(late);
        resolve([code, signal]);
      });
    });
  });
}
