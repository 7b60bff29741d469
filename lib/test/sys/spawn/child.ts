/** A child that can be looked at: it runs a program, says that it is ready, and waits. */
import { readFileSync } from 'node:fs';
import {
  notify,
  socketpair,
  space,
  spawnProgram,
  SyscallProgram,
  type ExitStatus,
  type ProgramProcess,
} from '../../../src/sys/index.ts';

type Build = (program: SyscallProgram, controlFd: number) => void;

export const READY = 1;

/** Starts a program; the caller collects it. */
export function start(build: Build, keep: readonly number[] = []): ProgramProcess {
  const [control, childControl] = socketpair();
  const program = new SyscallProgram();
  build(program, childControl.fd);
  return spawnProgram(program, { control, childControl, keep, name: 'test-child' });
}

/** Appends: say "ready", then wait until the parent closes its end or says anything. */
export function appendWait(program: SyscallProgram, controlFd: number): void {
  notify(program, controlFd, READY);
  program.call('read', [controlFd, space(8), 8], { zeroIsFailure: true });
}

/** Runs a program until it waits, looks at it, lets it go on, and collects it. */
export function observe(
  build: Build,
  look: (child: ProgramProcess) => void,
  keep: readonly number[] = [],
): ExitStatus {
  using child = start((program, controlFd) => {
    build(program, controlFd);
    appendWait(program, controlFd);
  }, keep);
  try {
    child.receive();
    look(child);
    child.send();
  } finally {
    child[Symbol.dispose]();
  }
  return child.wait();
}

/** One field of `/proc/PID/status`, such as `SigBlk`. */
export function statusField(pid: number, field: string): string {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${field}:`));
  if (line === undefined) throw new Error(`/proc/${pid}/status has no ${field}`);
  return line.slice(field.length + 1).trim();
}
