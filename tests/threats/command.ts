/** The command line `coracle-runtime`, where a test needs a process of its own. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ENGINE = path.resolve(import.meta.dirname, '../../chapters/12-engine');

const program = path.join(ENGINE, 'bin/coracle-runtime');

/** Why the command cannot be run, or `undefined`. */
export function whyNoCommand(): string | undefined {
  const built = existsSync(path.join(ENGINE, 'dist/coracle-runtime.cjs'));
  return built ? undefined : 'not built: run node chapters/12-engine/build.ts';
}

/** How a command ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly stderr: string;
  readonly stdout: string;
}

/** Runs a command to its end, with nothing to read; `before` are words in front of it. */
export function command(args: readonly string[], before: readonly string[] = []): CommandResult {
  const [file = program, ...rest] = [...before, program, ...args];
  const { status, stdout, stderr } = spawnSync(file, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { code: status, stdout, stderr };
}

/** The cgroups of a name, in every hierarchy: at the top, or below the one this process is in. */
export function cgroupsOf(name: string): string[] {
  const own = readFileSync('/proc/self/cgroup', 'utf8').split('\n');
  const parents = new Set(['/', ...own.map((line) => line.split(':')[2] ?? '/')]);
  return readdirSync('/sys/fs/cgroup')
    .flatMap((hierarchy) =>
      [...parents].map((parent) => path.join('/sys/fs/cgroup', hierarchy, parent, name)),
    )
    .filter((directory) => existsSync(directory));
}
