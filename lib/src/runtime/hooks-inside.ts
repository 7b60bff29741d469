/**
 * Hooks that run in the container's namespaces: createContainer (its program is still the host's,
 * since the root has not changed) and startContainer (its program is the container's).
 */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { appendEnter, ForkFollower, foreignNamespaces, forksToEnter } from '../namespaces/index.ts';
import type { Hook, HookName, State } from '../oci/index.ts';
import {
  CLOSE_RANGE_CLOEXEC,
  memoryFile,
  pidfdOpen,
  ProgramError,
  sealedMemoryFile,
  socketpair,
  spawnProgram,
  SyscallProgram,
  waitOrKill,
  words,
  type ProgramProcess,
} from '../sys/index.ts';
import { hookError } from './hooks.ts';
import { appendCloseOthers, appendDefaultSignals, appendDumpable } from './program/prologue.ts';

/**
 * Runs hooks of one kind in the namespaces of process `pid`; the first failure stops the rest.
 *
 * @throws RuntimeError HOOK.
 */
export function runHooksInside(
  name: HookName,
  hooks: readonly Hook[] | undefined,
  state: State,
  pid: number,
): void {
  for (const [index, hook] of (hooks ?? []).entries()) {
    const problem = runHookInside(hook, { ...state, pid: pidInside(pid) }, pid);
    if (problem !== undefined) throw hookError(name, index, problem.reason, problem.output);
  }
}

/** The PID as the container sees it (runtime.md, "State"): the last of NSpid in proc(5). */
function pidInside(pid: number): number {
  const line = /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]?.split('\t').at(-1) ?? pid);
}

function runHookInside(
  hook: Hook,
  state: State,
  pid: number,
): { reason: string; output: string } | undefined {
  // Regular files instead of pipes: neither side can block the other.
  using input = sealedMemoryFile('state', Buffer.from(JSON.stringify(state)));
  using output = memoryFile('output');
  using pidfd = pidfdOpen(pid);
  const [control, childControl] = socketpair();
  using _ = control;
  const stdin = openSync(`/proc/self/fd/${input.fd}`, 'r');
  try {
    const program = new SyscallProgram();
    const kinds = foreignNamespaces(pid);
    const controlFd = childControl.fd;
    appendCloseOthers(program, [stdin, output.fd, controlFd, pidfd.fd]);
    appendDefaultSignals(program);
    appendDumpable(program, false);
    appendEnter(program, {
      pidfd: pidfd.fd,
      kinds,
      controlFd,
      cgroups: { files: [], into: undefined },
    });
    for (const [index, fd] of [stdin, output.fd, output.fd].entries()) {
      program.call('dup3', [fd, index, 0]);
    }
    program.call('close_range', [3, 0xffffffff, CLOSE_RANGE_CLOEXEC]);
    const argv = hook.args !== undefined && hook.args.length > 0 ? hook.args : [hook.path];
    program.call('execve', [hook.path, words([...argv, null]), words([...(hook.env ?? []), null])]);
    const keep = [stdin, output.fd, pidfd.fd];
    const child = spawnProgram(program, { childControl, control, keep, name: 'coracle-hook' });
    return finish(child, forksToEnter(kinds), hook, output.fd);
  } finally {
    closeSync(stdin);
  }
}

function finish(
  child: ProgramProcess,
  forks: boolean,
  hook: Hook,
  outputFd: number,
): { reason: string; output: string } | undefined {
  let failure: ProgramError | undefined;
  try {
    const follower = new ForkFollower(child, forks);
    while (follower.receive() !== undefined);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    failure = error;
  }
  const { status, timedOut } = waitOrKill(
    child.pid,
    hook.timeout === undefined ? undefined : hook.timeout * 1000,
  );
  if (failure !== undefined) return { reason: failure.message, output: '' };
  if ('code' in status && status.code === 0) return undefined;
  const output = `output: ${readFileSync(`/proc/self/fd/${outputFd}`, 'utf8')}`;
  if (timedOut)
    return { reason: `hook ran past specified timeout of ${hook.timeout ?? 0}s`, output };
  return {
    reason: 'code' in status ? `exit status ${status.code}` : `signal: ${status.signal}`,
    output,
  };
}
