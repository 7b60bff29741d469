/**
 * What docker and podman have in common: the same words on the command line. A scenario that
 * is written against this runs through both, and through two versions of the docker client.
 */
import { output, run, type CommandOptions, type Outcome } from './command.ts';
import { IMAGE } from './image.ts';
import { Terminal, type WindowSize } from './terminal.ts';

/** How a client is called: its program and first arguments, and the environment it needs. */
export interface Client {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Where it runs; this process's own folder by default. */
  readonly cwd?: string;
  /** Flags for every `run` and `create`. */
  readonly runFlags: readonly string[];
  /** Flags for every `rm`. */
  readonly removeFlags: readonly string[];
}

let count = 0;

export class DockerLike {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** The whole command line of the client with these arguments. */
  commandLine(args: readonly string[]): string[] {
    return [...this.#client.argv, ...args];
  }

  /** The environment in which the client finds its engine. */
  get environment(): NodeJS.ProcessEnv {
    return this.#client.env;
  }

  /** Runs the client to its end, whatever its exit code. */
  cli(args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
    return run(this.commandLine(args), {
      ...options,
      env: this.environment,
      cwd: this.#client.cwd,
    });
  }

  /** Runs the client, which must succeed, and gives what it printed. */
  ok(...args: string[]): Promise<string> {
    return output(this.commandLine(args), {
      env: this.environment,
      cwd: this.#client.cwd,
    });
  }

  /** `run --rm` of the test image in the foreground. */
  run(flags: readonly string[], command: readonly string[], options: CommandOptions = {}) {
    const args = ['run', '--rm', ...this.#client.runFlags, ...flags, IMAGE, ...command];
    return this.cli(args, options);
  }

  /** `run --rm` of a shell script, which must succeed; gives what it printed. */
  shell(flags: readonly string[], script: string): Promise<string> {
    const command = [IMAGE, 'sh', '-c', script];
    return this.ok('run', '--rm', ...this.#client.runFlags, ...flags, ...command);
  }

  /** `run --rm` of another image, which must succeed, with its own command if none is given. */
  runImage(image: string, ...command: string[]): Promise<string> {
    return this.ok('run', '--rm', ...this.#client.runFlags, image, ...command);
  }

  /** `create` of a container, which is not started; gives its name. */
  async create(flags: readonly string[], command: readonly string[]): Promise<string> {
    const name = `c${++count}`;
    await this.ok('create', '--name', name, ...this.#client.runFlags, ...flags, IMAGE, ...command);
    return name;
  }

  /** A container that runs in the background; gives its name. */
  async start(flags: readonly string[] = [], command = ['sleep', '1000']): Promise<string> {
    const name = await this.create(flags, command);
    await this.ok('start', name);
    return name;
  }

  /** The same client with a real terminal around it. */
  terminal(args: readonly string[], size: WindowSize = { rows: 24, columns: 80 }): Terminal {
    return Terminal.open(this.commandLine(args), size, this.environment);
  }

  /** `run -it --rm` of the test image in a real terminal. */
  runInTerminal(flags: readonly string[], command: readonly string[], size?: WindowSize): Terminal {
    const args = ['run', '-it', '--rm', ...this.#client.runFlags, ...flags, IMAGE, ...command];
    return this.terminal(args, size);
  }

  /** One field of `inspect`, by its Go template, such as `.State.ExitCode`. */
  inspect(name: string, field: string): Promise<string> {
    return this.ok('container', 'inspect', '--format', `{{${field}}}`, name);
  }

  /** The process id of a container's init, as the host counts. */
  async pid(name: string): Promise<number> {
    return Number(await this.inspect(name, '.State.Pid'));
  }

  /** Kills and removes containers and their anonymous volumes. */
  async remove(...names: string[]): Promise<void> {
    await this.ok('rm', '--force', '--volumes', ...this.#client.removeFlags, ...names);
  }

  /** Kills and removes every container. */
  async removeAll(): Promise<void> {
    const ids = (await this.ok('ps', '--all', '--quiet', '--no-trunc')).split('\n').filter(Boolean);
    if (ids.length > 0) await this.remove(...ids);
  }
}
