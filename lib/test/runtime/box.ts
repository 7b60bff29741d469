/**
 * A bundle of busybox and a runtime with a state directory of its own.
 *
 * Life cycle: made for a test → containers come and go → disposing of it deletes what is left, with
 * `force`, and the folder. What is still there then is a leak: see {@link Box.leftovers}.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultSpec, stringifyExactJson } from '../../src/oci/index.ts';
import { Runtime } from '../../src/runtime/index.ts';
import { reapAny } from '../../src/sys/index.ts';

const APPLETS = ['sh', 'sleep', 'true'];

export class Box implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'coracle-runtime-'));
  readonly root = path.join(this.folder, 'state');
  readonly bundle = path.join(this.folder, 'bundle');
  readonly runtime = new Runtime({ root: this.root });
  /** Part of the path of every cgroup that a container of this box is in. */
  readonly cgroup = path.basename(this.folder);

  /** @param script what the shell in the container runs. */
  constructor(script = 'exec sleep 1000') {
    const bin = path.join(this.bundle, 'rootfs/bin');
    mkdirSync(bin, { recursive: true });
    copyFileSync('/bin/busybox', path.join(bin, 'busybox'));
    for (const applet of APPLETS) symlinkSync('busybox', path.join(bin, applet));
    const config = defaultSpec();
    Object.assign(config.process ?? {}, { terminal: false, args: ['sh', '-c', script] });
    Object.assign(config.linux ?? {}, { cgroupsPath: `/${this.cgroup}` });
    writeFileSync(path.join(this.bundle, 'config.json'), stringifyExactJson(config));
  }

  create(id: string): number {
    return this.runtime.create({ id, bundle: this.bundle }).pid;
  }

  /** What this box's containers have left on the machine: processes, cgroups, mounts, records. */
  leftovers(): string[] {
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    const records = existsSync(this.root) ? readdirSync(this.root) : [];
    return [
      ...this.#processes(),
      ...cgroupFolders(this.cgroup),
      ...mounts.filter((line) => line.includes(this.folder)),
      ...records.filter((name) => name !== '.seccomp'),
    ];
  }

  /** Every process of a container is in its cgroup. A zombie is its parent's to collect. */
  #processes(): string[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => contentsOf(`/proc/${pid}/cgroup`).includes(this.cgroup))
      .filter((pid) => !/^State:\s+[ZX]/m.test(contentsOf(`/proc/${pid}/status`)));
  }

  [Symbol.dispose](): void {
    for (const { id } of this.runtime.list()) this.runtime.delete(id, { force: true });
    // Containers are children of the test's process, which starts no others that run on.
    while (reapAny() !== undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function cgroupFolders(name: string): string[] {
  const hierarchies = readdirSync('/sys/fs/cgroup').map((each) => `/sys/fs/cgroup/${each}/${name}`);
  return [...hierarchies, `/sys/fs/cgroup/${name}`].filter((folder) => existsSync(folder));
}

function contentsOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Looks again and again, for at most a minute: an emulated machine takes its time. */
export function eventually(condition: () => boolean): boolean {
  const end = performance.now() + 60_000;
  while (performance.now() < end) {
    if (condition()) return true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
  return condition();
}
