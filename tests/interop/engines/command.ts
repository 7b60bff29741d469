/**
 * One command of a real tool, run to its end: what it printed and how it exited.
 *
 * A command never inherits the test runner's standard input, and never outlives its time limit:
 * a client that waits for an engine which hangs is killed and reported, so a test fails with
 * the command's own words and not with the runner's timeout.
 */
import { spawn } from 'node:child_process';
import { slowness } from '../../suites.ts';

/** What a finished command left behind. `code` is 128 + the signal's number if a signal ended it. */
export interface Outcome {
  readonly command: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** The whole environment; the caller's own when left out. */
  readonly env?: NodeJS.ProcessEnv;
  /** The working directory: conmon leaves a file `oom` there when a container runs out of memory. */
  readonly cwd?: string | undefined;
  /** Text for standard input, which is at its end straight away when left out. */
  readonly input?: string;
  /** Milliseconds of a machine at full speed; then the command is killed and the promise rejects. */
  readonly timeout?: number;
}

const SIGNAL_NUMBERS: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGKILL: 9,
  SIGTERM: 15,
};

/**
 * Runs `argv` and resolves once it exited and closed its output, whatever its exit code.
 * Rejects when the program cannot be started or the time limit passes.
 */
export function run(argv: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  const [file = '', ...args] = argv;
  const command = argv.join(' ');
  const timeout = (options.timeout ?? 60_000) * slowness;
  return new Promise((resolve, reject) => {
    const { env = process.env, cwd } = options;
    const child = spawn(file, args, { env, cwd, stdio: 'pipe' });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(
        new Error(
          `no end after ${timeout} ms: ${command}\nstdout: ${stdout()}\nstderr: ${stderr()}`,
        ),
      );
    }, timeout);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const died = signal === null ? 0 : 128 + (SIGNAL_NUMBERS[signal] ?? 0);
      resolve({ command, code: code ?? died, stdout: stdout(), stderr: stderr() });
    });
    // A program that exits before it reads its input closes the pipe: that is no error here.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** Runs `argv`, which must exit 0, and gives its standard output without the white space around it. */
export async function output(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const outcome = await run(argv, options);
  if (outcome.code !== 0) {
    throw new Error(
      `exit code ${outcome.code} of: ${outcome.command}\nstdout: ${outcome.stdout}\nstderr: ${outcome.stderr}`,
    );
  }
  return outcome.stdout.trim();
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
