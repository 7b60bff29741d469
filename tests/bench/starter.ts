/**
 * Runs commands for the benchmark and times them: a process of its own, told what to run by IPC.
 *
 * It can stand in another mount namespace than the benchmark, so that what crun needs there costs
 * crun nothing; and as leader of its session it is out of reach of a Ctrl-C, which would end a
 * runtime half-way. It ends when the benchmark does.
 */
import { spawnSync } from 'node:child_process';

/** Answer to one command. */
export interface Timed {
  readonly milliseconds: number;
  /** What went wrong, if something did. */
  readonly failure?: string;
}

process.on('message', (argv: readonly string[]) => process.send?.(time(argv)));
process.on('disconnect', () => process.exit());

function time([program = '', ...args]: readonly string[]): Timed {
  const started = performance.now();
  const { status, signal, error } = spawnSync(program, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const milliseconds = performance.now() - started;
  if (status === 0) return { milliseconds };
  const how = error?.message ?? signal ?? `exit status ${status ?? 'unknown'}`;
  return { milliseconds, failure: `${[program, ...args].join(' ')}: ${how}` };
}
