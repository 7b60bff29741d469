/**
 * A busybox bundle whose containers are units of systemd, and the runtime that makes them.
 *
 * Life cycle: made for a test → containers come and go → disposed of: what is left is deleted, with
 * `force`, and the folder is gone.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultSpec, stringifyExactJson, type RuntimeConfig } from 'coracle/oci';
import { Runtime } from 'coracle/runtime';
import { killAndCollect, reapAny, waitOrKill } from 'coracle/sys';
import { slowness } from '../suites.ts';

const APPLETS = ['sh', 'sleep', 'cat', 'true', 'dd', 'mknod', 'head', 'tail', 'echo'];

export class Box implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'coracle-systemd-'));
  readonly state = path.join(this.folder, 'state');
  readonly bundle = path.join(this.folder, 'bundle');
  /** Of this test alone. */
  readonly name = path.basename(this.folder).replace('coracle-systemd-', 'box');
  readonly unit = `coracletest-${this.name}.scope`;
  readonly directory = `/sys/fs/cgroup/system.slice/${this.unit}`;
  readonly runtime = new Runtime({ root: this.state, cgroupDriver: 'systemd' });

  readonly #shells: number[] = [];

  constructor() {
    const bin = path.join(this.bundle, 'rootfs/bin');
    mkdirSync(bin, { recursive: true });
    copyFileSync('/bin/busybox', path.join(bin, 'busybox'));
    for (const applet of APPLETS) symlinkSync('busybox', path.join(bin, applet));
    this.configure();
  }

  /** Writes the config: `script` in a shell, in the box's unit, unless `change` differs. */
  configure(change: (config: RuntimeConfig) => void = () => {}, script = 'exec sleep 1000'): void {
    const config = defaultSpec({ cgroup2: true });
    Object.assign(config.process ?? {}, { terminal: false, args: ['sh', '-c', script] });
    Object.assign(config.linux ?? {}, { cgroupsPath: `system.slice:coracletest:${this.name}` });
    change(config);
    writeFileSync(path.join(this.bundle, 'config.json'), stringifyExactJson(config));
  }

  create(id = 'box', runtime = this.runtime): number {
    return withNull((stdio) => runtime.create({ id, bundle: this.bundle, stdio }).pid);
  }

  /** Creates and starts a container, and gives its process. */
  start(id = 'box'): number {
    const pid = this.create(id);
    this.runtime.start(id);
    return pid;
  }

  /** Starts a shell in the container, which runs on. */
  startShell(script: string): number {
    const { process } = this.runtime.config('box');
    if (process === undefined) throw new Error('the config has no process');
    const wanted = { ...process, args: ['sh', '-c', script] };
    return withNull((stdio) => {
      const { pid } = this.runtime.exec({ id: 'box', process: wanted, stdio });
      this.#shells.push(pid);
      return pid;
    });
  }

  /** Runs a shell in the container to its end, and gives its exit code. */
  shell(script: string): number {
    const pid = this.startShell(script);
    const { status } = waitOrKill(pid, 60_000 * slowness);
    this.#shells.splice(this.#shells.indexOf(pid), 1);
    if ('code' in status) return status.code;
    throw new Error(`ended by signal ${status.signal}`);
  }

  /** Processes that nobody has collected keep a container's PID namespace, and `delete` waiting. */
  [Symbol.dispose](): void {
    try {
      for (const pid of this.#shells) if (isRunning(pid)) killAndCollect(pid);
      for (const { id } of this.runtime.list()) this.runtime.delete(id, { force: true });
      while (reapAny() !== undefined);
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

/** Calls `use` with /dev/null for each standard stream. */
function withNull<T>(use: (stdio: readonly [number, number, number]) => T): T {
  const fd = openSync('/dev/null', 'r+');
  try {
    return use([fd, fd, fd]);
  } finally {
    closeSync(fd);
  }
}

/** The cgroup of a process, below the root of the hierarchy. */
export function cgroupOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().replace('0::', '');
}

/** Looks again and again, for at most ten seconds on a machine at full speed. */
export function eventually(condition: () => boolean): boolean {
  const end = performance.now() + 10_000 * slowness;
  while (performance.now() < end) {
    if (condition()) return true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
  return condition();
}
