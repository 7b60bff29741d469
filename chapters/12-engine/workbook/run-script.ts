/** Runs one of the repository's TypeScript programs as a child of ./workbook. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';

/** The repository's top folder; absolute, so that any working directory will do. */
export const repository = path.resolve(import.meta.dirname, '../../..');

/**
 * Runs `script` (a path from the repository root) with the Node that runs us, and waits.
 * The caller's working directory, terminal and standard streams are the child's too.
 *
 * @returns the exit code; 128 + the signal's number when a signal ended the child, as in a shell.
 * @throws Error when the script is not there, or cannot be started.
 */
export async function runScript(script: string, args: readonly string[]): Promise<number> {
  const file = path.join(repository, script);
  if (!existsSync(file)) throw new Error(`${script} is missing from this checkout.`);
  const child = spawn(process.execPath, [file, ...args], { stdio: 'inherit' });
  // A terminal sends ^C to the child as well; we stay to report how it ended.
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', ignore).on('SIGTERM', forward).on('SIGHUP', forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', forward).off('SIGHUP', forward);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

function ignore(): void {
  // Nothing: the child decides what ^C means.
}
