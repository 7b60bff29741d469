/**
 * A daemon that a test starts itself, by hand, inside an enclave, and ends by its process id.
 * `nsenter` replaces itself with the daemon, so the child's process id is the daemon's.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Enclave } from './enclave.ts';
import { until } from './until.ts';

export interface DaemonOptions {
  readonly argv: readonly string[];
  /** File that takes the daemon's standard output and error. */
  readonly log: string;
  readonly enclave: Enclave;
  /** Answers true as soon as the daemon serves. */
  readonly ready: () => Promise<boolean>;
}

export class Daemon {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #gone: Promise<unknown>;

  private constructor(child: ChildProcess, pid: number) {
    this.pid = pid;
    this.#child = child;
    this.#gone = once(child, 'exit');
  }

  /** Starts the daemon and resolves when it is ready; its log is in the error if it never is. */
  static async start(options: DaemonOptions): Promise<Daemon> {
    const [file = '', ...args] = [...options.enclave.enter, ...options.argv];
    const program = options.argv[0] ?? '';
    const log = openSync(options.log, 'a');
    const child = spawn(file, args, { stdio: ['ignore', log, log] });
    closeSync(log);
    const daemon = await new Promise<Daemon>((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => resolve(new Daemon(child, child.pid ?? -1)));
    });
    try {
      await until(`${program} to serve`, () => child.exitCode === null && options.ready());
    } catch (error) {
      await daemon.stop('SIGKILL');
      const tail = readFileSync(options.log, 'utf8').split('\n').slice(-20).join('\n');
      throw new Error(`${program} did not start:\n${tail}`, { cause: error });
    }
    return daemon;
  }

  /** Ends the daemon and waits for its exit. A second call finds it gone and does nothing. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const last = setTimeout(() => this.#child.kill('SIGKILL'), 20_000);
    this.#child.kill(signal);
    await this.#gone;
    clearTimeout(last);
  }
}
