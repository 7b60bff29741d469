/** Runs the host's tools: loudly, with their output shown, or for what they print. */
import { execa, ExecaError } from 'execa';
import { VmError } from './errors.ts';

/** Output goes to our stderr, which leaves stdout to results. Returns the exit code. */
export async function runLoudly(program: string, args: readonly string[]): Promise<number> {
  const { exitCode } = await execa(program, args, {
    stdin: 'ignore',
    stdout: process.stderr,
    stderr: 'inherit',
    reject: false,
  });
  return exitCode ?? 1;
}

/** What the program prints. Errors: VM_TOOL, with what it said; a missing program is named. */
export async function output(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execa(program, args, { stdin: 'ignore' });
    return stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    throw new VmError('VM_TOOL', error.shortMessage, { cause: error });
  }
}
