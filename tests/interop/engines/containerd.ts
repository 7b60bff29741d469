/**
 * containerd, started by hand with root, state and socket in the test's folder and the CRI
 * plugin off, and its client `ctr`. containerd hands each container to containerd-shim-runc-v2,
 * and the shim runs the runtime under test, which `ctr run --runc-binary` names.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupDriver, type CgroupParent } from './cgroup-parent.ts';
import { output, run, type CommandOptions, type Outcome } from './command.ts';
import { Daemon } from './daemon.ts';
import { Enclave, type Replacements } from './enclave.ts';
import { IMAGE } from './image.ts';
import { namesIn } from './leftovers.ts';
import { runtimePath } from './runtime-under-test.ts';
import { Terminal, type WindowSize } from './terminal.ts';

export class Containerd {
  readonly folder: string;
  readonly socket: string;
  /** The containerd namespace of these containers. */
  readonly namespace = 'coracle-interop';
  readonly cgroupParent: CgroupParent;
  readonly enclave: Enclave;
  daemon: Daemon;

  private constructor(
    folder: string,
    cgroupParent: CgroupParent,
    enclave: Enclave,
    daemon: Daemon,
  ) {
    this.folder = folder;
    this.socket = socketIn(folder);
    this.cgroupParent = cgroupParent;
    this.enclave = enclave;
    this.daemon = daemon;
  }

  /** Starts containerd with all its state under `folder`, for containers below `cgroupParent`. */
  static async start(
    folder: string,
    cgroupParent: CgroupParent,
    replacements: Replacements = {},
  ): Promise<Containerd> {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'config.toml'), configuration(folder));
    const enclave = await Enclave.open(folder, replacements);
    try {
      return new Containerd(folder, cgroupParent, enclave, await launch(folder, enclave));
    } catch (error) {
      await enclave.close();
      throw error;
    }
  }

  /** Ends containerd with `signal`, and starts it again in the same enclave. */
  async restart(signal: NodeJS.Signals): Promise<void> {
    await this.daemon.stop(signal);
    this.daemon = await launch(this.folder, this.enclave);
  }

  async stop(): Promise<void> {
    await this.daemon.stop();
    await this.enclave.close();
  }

  /** The `--root` that the shim gives the runtime, to which it adds the namespace. */
  get runtimeRoot(): string {
    return join(this.folder, 'runtime');
  }

  /** Names of the containers whose state the runtime keeps for this daemon's shims. */
  states(): string[] {
    return namesIn(join(this.runtimeRoot, this.namespace));
  }

  /** Runs `ctr` with these arguments, to its end, whatever its exit code. */
  ctr(args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
    return run(this.#argv(args), options);
  }

  /** Runs `ctr`, which must succeed, and gives what it printed. */
  ok(...args: string[]): Promise<string> {
    return output(this.#argv(args));
  }

  /** `ctr run` of the test image through the runtime under test. */
  run(id: string, flags: readonly string[], command: readonly string[]): Promise<Outcome> {
    return this.ctr(this.runArguments(id, flags, command));
  }

  /** Starts a container that stays, and gives the process id of its init. */
  async start(id: string, flags: readonly string[] = [], command = ['sleep', '1000']) {
    await this.ok(...this.runArguments(id, ['--detach', '--null-io', ...flags], command));
    return this.pid(id);
  }

  /** The process id of a container's init, as the host counts. */
  async pid(id: string): Promise<number> {
    const row = (await this.ok('task', 'ls')).split('\n').find((line) => line.startsWith(`${id} `));
    return Number(row?.split(/\s+/)[1]);
  }

  terminal(args: readonly string[], size: WindowSize): Terminal {
    return Terminal.open(this.#argv(args), size);
  }

  runArguments(id: string, flags: readonly string[], command: readonly string[]): string[] {
    const runtime = ['--runc-binary', runtimePath, '--runc-root', this.runtimeRoot];
    const fifos = ['--fifo-dir', join(this.folder, 'fifo')];
    const cgroup = ['--cgroup', this.cgroupParent.cgroupsPath(id)];
    if (cgroupDriver === 'systemd') cgroup.push('--runc-systemd-cgroup');
    return ['run', ...runtime, ...fifos, ...cgroup, ...flags, IMAGE, id, ...command];
  }

  /** The arguments of `ctr task exec` of a process in a container. */
  execArguments(id: string, flags: readonly string[], command: readonly string[]): string[] {
    const fifos = ['--fifo-dir', join(this.folder, 'fifo')];
    return ['task', 'exec', '--exec-id', 'e', ...fifos, ...flags, id, ...command];
  }

  /** Kills and removes every container of the namespace. */
  async removeAll(): Promise<void> {
    for (const id of (await this.ok('container', 'ls', '-q')).split('\n').filter(Boolean)) {
      await this.ctr(['task', 'rm', '--force', id]);
      await this.ok('container', 'rm', id);
    }
  }

  #argv(args: readonly string[]): string[] {
    return ['ctr', '--address', this.socket, '--namespace', this.namespace, ...args];
  }
}

function launch(folder: string, enclave: Enclave): Promise<Daemon> {
  return Daemon.start({
    argv: ['containerd', '--config', join(folder, 'config.toml')],
    log: join(folder, 'log'),
    ready: async () => (await run(['ctr', '-a', socketIn(folder), 'version'])).code === 0,
    enclave,
  });
}

function socketIn(folder: string): string {
  return join(folder, 'containerd.sock');
}

function configuration(folder: string): string {
  return `version = 2
root = "${join(folder, 'root')}"
state = "${join(folder, 'state')}"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "${socketIn(folder)}"
`;
}
