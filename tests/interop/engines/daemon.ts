/**
 * A daemon that a test starts itself, by hand, and ends by its process id.
 *
 * Every daemon lives in one network namespace of its own, so the bridge, the firewall rules and
 * the forwarding switch that dockerd makes never touch the machine's. The first daemon makes
 * the namespace (`unshare`), later ones join it by the first one's process id (`nsenter`); the
 * kernel removes it, and all that is in it, with the last process inside. Sockets of AF_UNIX
 * are found by path, so clients outside reach the daemons all the same.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { namespace } from './outside.ts';
import { until } from './until.ts';

export interface DaemonOptions {
  readonly argv: readonly string[];
  /** File that takes the daemon's standard output and error. */
  readonly log: string;
  /** A process whose network namespace is joined; a new one is made when left out. */
  readonly networkOf?: number;
  /** Answers true as soon as the daemon, which runs as process `pid`, serves. */
  readonly ready: (pid: number) => Promise<boolean>;
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
    const [file = '', ...args] = inNetworkNamespace(options);
    const program = options.argv[0] ?? '';
    const log = openSync(options.log, 'a');
    const child = spawn(file, args, { stdio: ['ignore', log, log] });
    closeSync(log);
    const daemon = await new Promise<Daemon>((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => resolve(new Daemon(child, child.pid ?? -1)));
    });
    try {
      await until(
        `${program} to serve`,
        () => child.exitCode === null && options.ready(daemon.pid),
      );
    } catch (error) {
      await daemon.stop('SIGKILL');
      const tail = readFileSync(options.log, 'utf8').split('\n').slice(-20).join('\n');
      throw new Error(`${program} did not start:\n${tail}`, { cause: error });
    }
    return daemon;
  }

  /** A process that does nothing but keep the network namespace of process `pid` alive. */
  static holdNetwork(pid: number): Promise<Daemon> {
    return Daemon.start({
      argv: ['sleep', 'infinity'],
      log: '/dev/null',
      networkOf: pid,
      ready: (own) => Promise.resolve(namespace(own, 'net') === namespace(pid, 'net')),
    });
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

function inNetworkNamespace({ argv, networkOf }: DaemonOptions): readonly string[] {
  if (networkOf !== undefined) return ['nsenter', `--net=/proc/${networkOf}/ns/net`, '--', ...argv];
  return ['unshare', '--net', '--', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...argv];
}
