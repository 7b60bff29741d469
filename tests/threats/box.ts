/**
 * A hostile bundle, and the runtime that is to withstand it.
 *
 * Life cycle: made for a test → files planted in `rootfs` → `run`, or `create` and the rest →
 * disposed of: containers deleted, children collected, folder gone.
 */
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultSpec, stringifyExactJson, type Process, type RuntimeConfig } from 'coracle/oci';
import { Runtime, type CreateOptions } from 'coracle/runtime';
import { hasCode, reapAny, waitOrKill, type ExitStatus } from 'coracle/sys';
import { withStandardStreams } from './streams.ts';

const BUSYBOX = '/bin/busybox';
const APPLETS =
  'sh true sleep cat echo id ls stat readlink mkdir touch mount umount dd tail head grep cut pwd';

/** Why containers cannot run here, or `undefined`. */
export function whyNoContainers(): string | undefined {
  if (process.platform !== 'linux') return 'containers need Linux';
  if (process.getuid?.() !== 0) return 'these tests need root';
  return existsSync(BUSYBOX) ? undefined : 'not installed: busybox-static';
}

/** How a container's first process, or a further one, ended. */
export interface Ended {
  readonly status: ExitStatus;
  readonly stdout: string;
  readonly stderr: string;
}

export class Box implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'coracle-threats-'));
  readonly state = path.join(this.folder, 'state');
  readonly bundle = path.join(this.folder, 'bundle');
  readonly rootfs = path.join(this.bundle, 'rootfs');
  /** Stands for the host's files: nothing may ever be made or written in it. */
  readonly outside = path.join(this.folder, 'outside');
  readonly runtime = new Runtime({ root: this.state });
  readonly #children = new Map<string, number>();

  constructor() {
    const bin = path.join(this.rootfs, 'bin');
    mkdirSync(bin, { recursive: true });
    mkdirSync(this.outside);
    copyFileSync(BUSYBOX, path.join(bin, 'busybox'));
    for (const name of APPLETS.split(' ')) symlinkSync('busybox', path.join(bin, name));
  }

  /** Writes the config: `args` without a terminal on a writable root, unless `change` differs. */
  configure(args: readonly string[], change: (config: RuntimeConfig) => void = () => {}): void {
    const config = defaultSpec();
    Object.assign(config.process ?? {}, { terminal: false, args });
    config.root.readonly = false;
    change(config);
    this.configureText(stringifyExactJson(config));
  }

  /** The same with the text of a config, which may be no valid one. */
  configureText(text: string): void {
    writeFileSync(path.join(this.bundle, 'config.json'), text);
  }

  /** Puts a file into the image. */
  plant(name: string, content: string | Buffer, mode = 0o755): void {
    const file = path.join(this.rootfs, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
  }

  /** Creates the container `box`; its output goes to files, its input is what `stdin` names. */
  create(options: Partial<CreateOptions> = {}, stdin = '/dev/null'): number {
    return this.#withStreams('box', stdin, () => {
      const made = this.runtime.create({ id: 'box', bundle: this.bundle, ...options });
      this.#children.set('box', made.pid);
      return made.pid;
    });
  }

  /** Runs the container `box` to its end and deletes it. */
  run(options: Partial<CreateOptions> = {}): Ended {
    this.create(options);
    this.runtime.start('box');
    const ended = this.wait('box');
    this.runtime.delete('box');
    return ended;
  }

  /** Runs a further process in the container `box` to its end. */
  exec(args: readonly string[], change: Partial<Process> = {}): Ended {
    const process = { ...defaultSpec().process, cwd: '/', terminal: false, args: [...args] };
    this.#withStreams('exec', '/dev/null', () => {
      const { pid } = this.runtime.exec({
        id: 'box',
        process: { user: { uid: 0, gid: 0 }, ...process, ...change },
      });
      this.#children.set('exec', pid);
    });
    return this.wait('exec');
  }

  /** Waits for a process; after a minute it is killed, which its status then tells. */
  wait(name: 'box' | 'exec'): Ended {
    const pid = this.#children.get(name);
    if (pid === undefined) throw new Error(`no process was started as ${name}`);
    this.#children.delete(name);
    const { status } = waitOrKill(pid, 60_000);
    return { status, ...this.output(name) };
  }

  output(name: 'box' | 'exec'): { stdout: string; stderr: string } {
    const read = (stream: string): string =>
      readFileSync(path.join(this.folder, `${name}.${stream}`), 'utf8');
    return { stdout: read('out'), stderr: read('err') };
  }

  /** What has come into being in `outside`. */
  made(): string[] {
    return readdirSync(this.outside, { recursive: true, encoding: 'utf8' }).toSorted();
  }

  /** The host's mounts at or below this box's folder. */
  mounts(): string[] {
    return readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[4] ?? '')
      .filter((point) => point.startsWith(this.folder));
  }

  #withStreams<T>(name: string, stdin: string, use: () => T): T {
    const file = (stream: string): string => path.join(this.folder, `${name}.${stream}`);
    const stdio = [openSync(stdin, 'r'), openSync(file('out'), 'w'), openSync(file('err'), 'w')];
    try {
      return withStandardStreams(stdio, use);
    } finally {
      for (const fd of stdio) closeSync(fd);
    }
  }

  /** Collects processes of a refused exec: a PID namespace does not end before they are. */
  collectRefused(): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    while (reapAny() !== undefined);
  }

  [Symbol.dispose](): void {
    this.collectRefused();
    for (const { id } of this.runtime.list()) this.runtime.delete(id, { force: true });
    for (const pid of this.#children.values()) collect(pid);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function collect(pid: number): void {
  try {
    waitOrKill(pid, 0);
  } catch (error) {
    if (!hasCode(error, 'ECHILD', 'ESRCH')) throw error;
  }
}

/** What an attempt failed with; a success is a failure of the test. */
export function failureOf(attempt: () => unknown): Error {
  try {
    attempt();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
