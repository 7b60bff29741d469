// One command, run to its end. Output goes to files, never to pipes: a container that was created
// keeps its creator's stdout and stderr, and whoever waited for the end of a pipe would hang.

import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { slowness } from '../../suites.ts';

export interface Result {
  /** The arguments, as a person would have typed them. */
  line: string;
  /** Exit code; 128 + signal number when killed, -1 when the time limit was reached. */
  code: number;
  /** Path of the file that received stdout, which a container may still be writing. */
  outFile: string;
  readonly out: string;
  readonly err: string;
}

export interface CommandOptions {
  /** Files `PREFIX.out` and `PREFIX.err` receive the output. */
  prefix: string;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  stdin?: string;
  /** Milliseconds, on a machine at full speed. */
  timeout?: number;
}

const TIME_LIMIT_MS = 20_000;

/** Runs `argv` and waits for it; a command that takes too long is killed with its children. */
export async function runCommand(
  argv: readonly string[],
  line: string,
  options: CommandOptions,
): Promise<Result> {
  const [program = '', ...args] = argv;
  const outFile = `${options.prefix}.out`;
  const errFile = `${options.prefix}.err`;
  const stdin = openSync(options.stdin ?? '/dev/null', 'r');
  const stdout = openSync(outFile, 'w');
  const stderr = openSync(errFile, 'w');
  const child = spawn(program, args, {
    stdio: [stdin, stdout, stderr],
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
  });
  for (const fd of [stdin, stdout, stderr]) closeSync(fd);
  const code = await exitCode(child, (options.timeout ?? TIME_LIMIT_MS) * slowness);
  return {
    line,
    code,
    outFile,
    get out() {
      return readFileSync(outFile, 'utf8');
    },
    get err() {
      return readFileSync(errFile, 'utf8');
    },
  };
}

async function exitCode(child: ReturnType<typeof spawn>, timeout: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, timeout);
  child.once('error', reject);
  child.once('exit', (code, signal) => {
    resolve(late ? -1 : (code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)));
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}
