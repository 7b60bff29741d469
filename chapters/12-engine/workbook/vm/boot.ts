/**
 * A machine's life: `startMachine` → `waitUntilUp` → ssh → `powerOff` (or `kill`, for a throwaway
 * one). A boot that hangs ends with the last lines of the console.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Accelerator } from './accelerator.ts';
import { consoleExcerpt, lastLines } from './console.ts';
import { VmError } from './errors.ts';
import { Progress } from './progress.ts';
import { qemuArguments, qemuProgram, type MachineOptions } from './qemu.ts';
import { runInside } from './ssh.ts';

/** A running qemu. */
export interface Machine {
  readonly pid: number;
  readonly sshPort: number;
  readonly console: string;
  readonly accelerator: Accelerator;
}

/** Emulated boots took 25 s on an idle machine of two processors, four times that on a busy one. */
const bootSeconds = { kvm: 90, tcg: 420 } as const;

/**
 * Starts qemu in a session of its own, so that ^C at the terminal is ours to answer.
 * Errors: VM_QEMU when it ends at once, with what it said.
 */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const child = spawn(qemuProgram(options.arch), qemuArguments(options), {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`exit ${signal ?? code ?? '?'}`));
  });
  const early = await Promise.race([ended, sleep(1500)]);
  if (early !== undefined || child.pid === undefined) {
    throw new VmError('VM_QEMU', `qemu did not start (${early ?? 'no process'}): ${said.trim()}`);
  }
  child.stderr.destroy();
  child.unref();
  const { sshPort, console, accelerator } = options;
  return { pid: child.pid, sshPort, console, accelerator };
}

/**
 * Waits until ssh answers. Errors: VM_BOOT when the machine ends, or takes longer than a boot
 * does (`limit`, in seconds); with the console's last lines.
 */
export async function waitUntilUp(
  machine: Machine,
  signal?: AbortSignal,
  limit: number = bootSeconds[machine.accelerator],
): Promise<void> {
  const how = machine.accelerator === 'kvm' ? 'KVM' : 'emulation, a minute or two';
  using progress = new Progress(`booting (${how})`);
  const started = performance.now();
  while ((performance.now() - started) / 1000 < limit) {
    signal?.throwIfAborted();
    if (!isAlive(machine.pid)) throw bootError('the machine ended while it booted', machine);
    const code = await runInside(machine.sshPort, 'root', 'true', { stderr: 'ignore' });
    if (code === 0) return;
    progress.show(lastLines(machine.console, 1)[0] ?? '');
    await sleep(1000);
  }
  const advice = machine.accelerator === 'kvm' ? '; if KVM is what hangs, try --accel tcg' : '';
  throw bootError(`no answer to ssh in ${limit} s${advice}`, machine);
}

function bootError(what: string, machine: Machine): VmError {
  return new VmError('VM_BOOT', `${what}; ${consoleExcerpt(machine.console)}`);
}

/** Asks the machine to shut down, and ends it when it does not within a minute. */
export async function powerOff(machine: Machine): Promise<void> {
  await runInside(machine.sshPort, 'root', 'systemctl poweroff', {
    stdout: 'ignore',
    stderr: 'ignore',
    timeout: 20_000,
  });
  for (let second = 0; second < 60 && isAlive(machine.pid); second += 1) await sleep(1000);
  kill(machine);
}

/** Ends qemu at once: for a machine whose disk is thrown away. */
export function kill(machine: Pick<Machine, 'pid'>): void {
  try {
    process.kill(machine.pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A port of 127.0.0.1 that nobody listens on just now. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}
