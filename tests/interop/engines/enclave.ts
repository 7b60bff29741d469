/**
 * The network namespace in which the daemons of one engine live, so that the bridge, the firewall
 * rules and the forwarding switch that dockerd makes never touch the machine's. A process that
 * does nothing keeps it; the kernel removes it, and all that is in it, with its last process.
 * Sockets of AF_UNIX are found by path, so clients outside reach the daemons all the same.
 *
 * Where an engine must find other files in /etc than the machine's, the enclave is a mount
 * namespace too, with those files mounted over the machine's.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { until } from './until.ts';

/** Content of files that hide the machine's files at those paths. */
export type Replacements = Readonly<Record<string, string>>;

export class Enclave {
  /** What to write before a command that shall run inside. */
  readonly enter: readonly string[];
  readonly #keeper: ChildProcess;

  private constructor(keeper: ChildProcess, kinds: readonly string[]) {
    const flags = kinds.map((kind) => `--${kind}`);
    this.enter = ['nsenter', '--target', String(keeper.pid), ...flags, '--'];
    this.#keeper = keeper;
  }

  /** Makes the namespaces; `folder` takes the replacing files. */
  static async open(folder: string, replacements: Replacements = {}): Promise<Enclave> {
    const kinds = Object.keys(replacements).length === 0 ? ['net'] : ['net', 'mount'];
    const script = ['ip link set lo up'];
    for (const [path, content] of Object.entries(replacements)) {
      const file = join(folder, basename(path));
      writeFileSync(file, content);
      script.push(`mount --bind ${file} ${path}`);
    }
    const line = [...script, 'echo ready', 'exec sleep infinity'].join(' && ');
    const flags = kinds.map((kind) => `--${kind}`);
    const keeper = spawn('unshare', [...flags, '--', 'sh', '-c', line], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    keeper.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until('the enclave', () => said.includes('ready'));
    return new Enclave(keeper, kinds);
  }

  /** Lets the namespaces go, as soon as no other process is in them. */
  async close(): Promise<void> {
    if (this.#keeper.exitCode !== null || this.#keeper.signalCode !== null) return;
    const gone = once(this.#keeper, 'exit');
    this.#keeper.kill('SIGKILL');
    await gone;
  }
}
