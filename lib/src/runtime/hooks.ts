/** Hooks (config.md, "POSIX-platform Hooks"): programs that get the container's state on stdin. */
import { spawnSync } from 'node:child_process';
import { messageOf } from '../base/index.ts';
import type { Hook, HookName, State } from '../oci/index.ts';
import { RuntimeError } from './errors.ts';

/**
 * Runs hooks of one kind in the runtime's namespaces, in order; the first failure stops the rest.
 *
 * @throws RuntimeError HOOK with the hook's output.
 */
export function runHooks(name: HookName, hooks: readonly Hook[] | undefined, state: State): void {
  for (const [index, hook] of (hooks ?? []).entries()) {
    const { status, signal, error, stdout, stderr } = spawnSync(
      hook.path,
      hook.args?.slice(1) ?? [],
      {
        argv0: hook.args?.[0] ?? hook.path,
        env: environment(hook),
        cwd: state.bundle,
        input: JSON.stringify(state),
        encoding: 'utf8',
        ...(hook.timeout !== undefined && {
          timeout: hook.timeout * 1000,
          killSignal: 'SIGKILL' as const,
        }),
      },
    );
    if (status === 0) continue;
    const output = `stdout: ${stdout}, stderr: ${stderr}`;
    throw hookError(name, index, hookFailure(hook, { status, signal, error }), output);
  }
}

/** Runs all poststop hooks: one that fails is warned about and stops nothing (runtime.md). */
export function runPoststopHooks(
  hooks: readonly Hook[] | undefined,
  state: State,
  warn: (message: string) => void,
): void {
  for (const hook of hooks ?? []) {
    try {
      runHooks('poststop', [hook], state);
    } catch (error) {
      warn(messageOf(error));
    }
  }
}

/** How `runHooks` and hooks inside the container report a failure. */
export function hookError(
  name: HookName,
  index: number,
  reason: string,
  output: string,
): RuntimeError {
  return new RuntimeError('HOOK', `error running ${name} hook #${index}: ${reason}, ${output}`);
}

function hookFailure(
  hook: Hook,
  {
    status,
    signal,
    error,
  }: { status: number | null; signal: string | null; error?: Error | undefined },
): string {
  if (error !== undefined && 'code' in error && error.code === 'ETIMEDOUT') {
    return `hook ran past specified timeout of ${hook.timeout ?? 0}s`;
  }
  // Before any other error: EPIPE only says that the hook ended without reading the state.
  if (status !== null) return `exit status ${status}`;
  if (signal !== null) return `signal: ${signal}`;
  return error?.message ?? 'it did not run';
}

/** Exactly the hook's own variables: none of this process's. */
function environment({ env = [] }: Hook): { [name: string]: string } {
  return Object.fromEntries(
    env.map((variable) => {
      const equals = variable.indexOf('=');
      return [variable.slice(0, equals), variable.slice(equals + 1)] as const;
    }),
  );
}
