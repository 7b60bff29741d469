/**
 * A folder with a busybox bundle and a state directory, and the command line to use them with.
 *
 * Life cycle: made for a test → `run` and `start` command lines → disposed of: containers deleted,
 * folder gone.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  copyFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa, execaSync, type Options } from 'execa';
import { defaultSpec, stringifyExactJson, type RuntimeConfig } from 'coracle/oci';

export const program = path.resolve(import.meta.dirname, '../bin/coracle-runtime');

const BUSYBOX = '/bin/busybox';
const APPLETS = [
  'sh',
  'true',
  'false',
  'sleep',
  'cat',
  'echo',
  'env',
  'id',
  'ls',
  'pwd',
  'stty',
  'tty',
  'kill',
];

/** Why containers cannot run here, or `undefined`. */
export function whyNoContainers(): string | undefined {
  if (process.platform !== 'linux') return 'containers need Linux';
  if (process.getuid?.() !== 0) return 'these tests need root';
  return existsSync(BUSYBOX) ? undefined : 'not installed: busybox-static';
}

export class Workplace implements Disposable {
  readonly folder: string;
  readonly root: string;

  constructor() {
    this.folder = mkdtempSync(path.join(tmpdir(), 'coracle-cli-'));
    this.root = path.join(this.folder, 'state');
    const bin = path.join(this.folder, 'bundle/rootfs/bin');
    mkdirSync(bin, { recursive: true });
    copyFileSync(BUSYBOX, path.join(bin, 'busybox'));
    for (const name of APPLETS) symlinkSync('busybox', path.join(bin, name));
  }

  get bundle(): string {
    return path.join(this.folder, 'bundle');
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  /** Writes the bundle's config: `args` without a terminal, unless `change` says otherwise. */
  configure(
    args: readonly string[],
    change: (config: RuntimeConfig) => void = () => undefined,
  ): void {
    const config = defaultSpec();
    Object.assign(config.process ?? {}, { terminal: false, args });
    change(config);
    writeFileSync(path.join(this.bundle, 'config.json'), stringifyExactJson(config));
  }

  /** The whole command line of a call. */
  line(...args: readonly string[]): string[] {
    return [program, '--root', this.root, ...args];
  }

  /** Runs a command to its end; a failure is a result, not an exception. */
  run(...args: readonly string[]) {
    const [file = '', ...rest] = this.line(...args);
    return execa(file, rest, { reject: false, stdin: 'ignore', timeout: 120_000 });
  }

  /** Runs a command that leaves a process behind, which keeps its streams for as long as it lives. */
  detach(...args: readonly string[]) {
    const [file = '', ...rest] = this.line(...args);
    return execa(file, rest, { reject: false, stdio: 'ignore', timeout: 120_000 });
  }

  /** Starts a command and leaves it running. */
  start(args: readonly string[], options: Options = {}) {
    const [file = '', ...rest] = this.line(...args);
    return execa(file, rest, { reject: false, timeout: 120_000, ...options });
  }

  /** What `state` says, or `undefined` if there is no such container. */
  async state(id: string): Promise<Record<string, unknown> | undefined> {
    const { exitCode, stdout } = await this.run('state', id);
    return exitCode === 0 ? (JSON.parse(stdout) as Record<string, unknown>) : undefined;
  }

  [Symbol.dispose](): void {
    const { stdout } = execaSync(program, ['--root', this.root, 'list', '-q'], { reject: false });
    for (const id of stdout.split('\n').filter(Boolean)) {
      execaSync(program, ['--root', this.root, 'delete', '--force', id], { reject: false });
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits until something is so. @throws Error after a minute: an emulated machine takes its time. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const end = performance.now() + 60_000;
  while (performance.now() < end) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  throw new Error(`a minute is over, and it is not so: ${what}`);
}
