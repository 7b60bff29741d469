// A box is one case on one runtime: a bundle, a `--root`, a cgroup path and a notebook of the steps
// taken. Life cycle: made with the default config → mutated → commands → closed, which removes the
// container, its processes, mounts, cgroups and files whatever happened before.

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutation } from './case.ts';
import { Mismatch } from './case.ts';
import { Checks, lastLine, saying, show } from './checks.ts';
import type { CommandOptions, Result } from './command.ts';
import { runCommand } from './command.ts';
import type { Json } from './config.ts';
import { defaultConfig, mutate } from './config.ts';
import type { Host } from './host.ts';
import { hasExited, waitUntil } from './observe.ts';
import { makeRootfs } from './rootfs.ts';
import type { Runtime } from './runtime.ts';

export interface State {
  ociVersion: string;
  id: string;
  status: string;
  pid?: number;
  bundle: string;
  annotations?: Record<string, string>;
}

export interface BoxOptions {
  dir: string;
  id: string;
  busybox: string;
  runtime: Runtime;
  host: Host;
}

export class Box extends Checks {
  readonly dir: string;
  readonly id: string;
  readonly bundle: string;
  readonly rootfs: string;
  /** The runtime's `--root`. */
  readonly root: string;
  readonly cgroup: string;
  readonly runtime: Runtime;
  readonly host: Host;
  readonly notebook: string[] = [];
  /** Undone in reverse order when the box closes. */
  readonly undo: (() => void | Promise<void>)[] = [];
  config: Json;
  #count = 0;
  #created: Result | undefined;

  constructor(options: BoxOptions) {
    super();
    this.dir = options.dir;
    this.id = options.id;
    this.runtime = options.runtime;
    this.host = options.host;
    this.bundle = join(options.dir, 'bundle');
    this.rootfs = join(this.bundle, 'rootfs');
    this.root = join(options.dir, 'root');
    this.cgroup = `/conformance-${process.pid}/${options.id}`;
    this.config = defaultConfig(this.cgroup);
    mkdirSync(this.root, { recursive: true });
    makeRootfs(options.busybox, this.rootfs);
  }

  /** Changes the config; takes effect with the next `create` or `run`. */
  patch(mutation: Mutation): void {
    mutate(this.config, mutation);
  }

  /** Sets the container's program to `sh -c script`. */
  script(script: string): void {
    this.patch({ '/process/args': ['/bin/sh', '-c', script] });
  }

  /** Writes config.json; `edit` may change its text, for what JSON.stringify cannot write. */
  writeConfig(edit: (text: string) => string = String): void {
    writeFileSync(join(this.bundle, 'config.json'), edit(JSON.stringify(this.config, null, 1)));
  }

  /** Calls the runtime with its `--root` and these arguments, from a folder that is not the bundle. */
  async call(...args: string[]): Promise<Result> {
    return this.callWith({}, ...args);
  }

  /** The same through a wrapper, as `sh -c '…; exec "$@"' sh`, that prepares the caller's process. */
  async callVia(wrapper: string[], ...args: string[]): Promise<Result> {
    return this.callWith({ wrapper }, ...args);
  }

  async callWith(
    options: Partial<CommandOptions> & { globals?: string[]; wrapper?: string[] },
    ...args: string[]
  ): Promise<Result> {
    const result = await runCommand(
      [
        ...(options.wrapper ?? []),
        ...this.runtime.command,
        ...(options.globals ?? ['--root', this.root]),
        ...args,
      ],
      `${this.runtime.name} ${args.join(' ')}`,
      { prefix: join(this.dir, `step${this.#count++}`), cwd: this.dir, ...options },
    );
    const said = lastLine(result.err);
    this.notebook.push(`${result.line} → ${result.code}${said === '' ? '' : `: ${said}`}`);
    if (result.code === -1) {
      throw new Mismatch('the command ends', 'an exit within the time limit', result.line);
    }
    return result;
  }

  /** `create`, with the current config. */
  async create(...flags: string[]): Promise<Result> {
    this.writeConfig();
    const result = await this.call('create', '--bundle', this.bundle, ...flags, this.id);
    if (result.code === 0) this.#created = result;
    return result;
  }

  /** `run` in the foreground, with the current config and optionally this script as program. */
  async run(script?: string, ...flags: string[]): Promise<Result> {
    if (script !== undefined) this.script(script);
    this.writeConfig();
    return this.call('run', '--bundle', this.bundle, ...flags, this.id);
  }

  start = async (): Promise<Result> => this.call('start', this.id);
  kill = async (signal: string): Promise<Result> => this.call('kill', this.id, signal);
  delete = async (...flags: string[]): Promise<Result> => this.call('delete', ...flags, this.id);
  exec = async (script: string, ...flags: string[]): Promise<Result> =>
    this.call('exec', ...flags, this.id, '/bin/sh', '-c', script);

  /** The container's state; a `state` that fails is a mismatch. */
  async state(): Promise<State> {
    const result = await this.call('state', this.id);
    this.succeeded(result, '`state` answers');
    return JSON.parse(result.out) as State;
  }

  /** `create` that must succeed; answers the pid of the container's process. */
  async created(script?: string): Promise<number> {
    if (script !== undefined) this.script(script);
    const file = join(this.dir, 'pid');
    this.succeeded(await this.create('--pid-file', file), 'the container is created');
    this.that(existsSync(file), 'create has written the pid file', 'no file');
    return Number(readFileSync(file, 'utf8'));
  }

  /** `create` and `start` that must succeed; answers the pid of the container's process. */
  async started(script = 'exec sleep 100'): Promise<number> {
    const pid = await this.created(script);
    this.succeeded(await this.start(), 'the container is started');
    return pid;
  }

  /** Creates and starts `script`, waits until it has exited (of itself), answers its pid. */
  async stopped(script = 'true'): Promise<number> {
    const pid = await this.started(script);
    await this.eventually(() => hasExited(pid), 'the program exits');
    return pid;
  }

  /** What the created container has printed so far. */
  output(): string {
    return this.#created === undefined ? '' : readFileSync(this.#created.outFile, 'utf8').trim();
  }

  /** Waits until the container has printed something that matches, and answers all of it. */
  async printed(pattern: RegExp): Promise<string> {
    await this.eventually(
      () => pattern.test(this.output()),
      `the container prints ${String(pattern)}`,
    );
    return this.output();
  }

  /** Waits for a file that the container makes (by rename, so it is whole) and answers its text. */
  async file(name: string, folder = this.rootfs): Promise<string> {
    const path = join(folder, name);
    await this.eventually(() => existsSync(path), `the file ${name} appears`);
    return readFileSync(path, 'utf8').trim();
  }

  /** A new folder beside the bundle that every user may write to; answers its path. */
  openFolder(name: string): string {
    const path = join(this.dir, name);
    mkdirSync(path);
    chmodSync(path, 0o777);
    return path;
  }

  /** Runs a program of the host, as the case's preparation; it must succeed. */
  hostCommand(program: string, ...args: string[]): string {
    this.note(`# ${program} ${args.join(' ')}`);
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** mount(8) in the suite's mount namespace; the last argument is the folder, which is made. */
  hostMount(...args: string[]): void {
    const folder = args.at(-1) ?? '';
    mkdirSync(folder, { recursive: true });
    this.hostCommand('mount', ...args);
    this.undo.push(() => void this.hostCommand('umount', '--lazy', '--recursive', folder));
  }

  async eventually(condition: () => boolean, what: string): Promise<void> {
    if (!(await waitUntil(condition, 5000))) {
      throw new Mismatch(what, 'within 5 seconds', `not so; output: ${show(this.output())}`);
    }
  }

  /** Runs `script` in the container; what it prints must be, or match, `expected`. */
  async prints(script: string, expected: string | RegExp): Promise<void> {
    const result = await this.run(script);
    const out = result.out.trim();
    const what = `the container prints ${String(expected)}`;
    if (typeof expected !== 'string') this.match(out, expected, `${what}${saying(result)}`);
    else this.equal(out, expected, `${what}${saying(result)}`);
  }

  /** The config is refused with a reason; the program did not run and no container is left. */
  async refuses(): Promise<void> {
    const result = await this.run('echo the program ran');
    this.failed(result, 'the config is refused');
    this.equal(result.out, '', 'the program is not run');
    const left = existsSync(join(this.root, this.id))
      ? await this.call('state', this.id)
      : undefined;
    this.that(left?.code !== 0, 'no container is left behind', left?.out);
  }

  note(step: string): void {
    this.notebook.push(step);
  }
}
