/** What kernel tests share: cgroups of their own, and processes inside that are surely ended. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, rmdirSync } from 'node:fs';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCgroup, detectHost, planResources, readHost } from '../../src/cgroups/index.ts';
import type { Cgroup, CgroupHost, PlanOptions } from '../../src/cgroups/index.ts';
import type { LinuxResources } from '../../src/oci/index.ts';

export const PARENT = `/coracle-test-${process.pid}`;
let count = 0;

/** Each kind of host has its own files: what belongs to the other kind is skipped, not failed. */
export const onVersionTwo = readHost().kind === 'v2';
export const onVersionOne = !onVersionTwo;

/** The version 2 mount of a hybrid machine, taken for a whole host: its core files are real. */
export function unifiedOnly(): CgroupHost {
  const mountinfo = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(' - cgroup2 '))
    .join('\n');
  // Without controllers, so that none is let through on the machine's own root.
  return detectHost({ mountinfo, selfCgroup: '0::/\n', unifiedControllers: '' });
}

/** A cgroup that is killed, thawed and removed at the end of the test, come what may. */
export class TestCgroup implements Disposable {
  readonly cgroup: Cgroup;
  /** As `linux.cgroupsPath` names it. */
  readonly path: string;
  readonly #children: ChildProcess[] = [];

  constructor(host: CgroupHost = readHost(), path: string = `${PARENT}/${(count += 1)}`) {
    this.path = path;
    this.cgroup = createCgroup(host, path);
  }

  /** Its directory in the version 2 hierarchy. */
  get directory(): string {
    return this.cgroup.paths[''] ?? '';
  }

  apply(resources: LinuxResources, options: PlanOptions = { devices: 'skip' }): void {
    this.cgroup.apply(planResources(this.cgroup.host, resources, options));
  }

  /** What a file of the version 1 controller (or of version 2, `''`) says. */
  read(controller: string, file: string): string {
    return readFileSync(join(this.cgroup.paths[controller] ?? '', file), 'utf8').trim();
  }

  /** Runs a shell script inside, to its end. */
  run(script: string): { status: number | null; signal: string | null; output: string } {
    const { status, signal, stdout, stderr } = spawnSync('sh', ['-c', this.#joined(script)], {
      encoding: 'utf8',
    });
    return { status, signal, output: `${stdout}${stderr}` };
  }

  /** Starts a shell script inside, and returns once it has joined and done `first`. */
  async start(script: string, first: string = ':'): Promise<{ child: ChildProcess; pid: number }> {
    const child = spawn('sh', ['-c', `${this.#joined(`${first}; echo joined`)}; ${script}`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#children.push(child);
    const joined = await Promise.race([
      once(child.stdout, 'data').then(() => true),
      once(child, 'exit').then(() => false),
    ]);
    if (!joined) throw new Error(`the shell could not join ${this.path}: ${this.#joined('')}`);
    if (child.pid === undefined) throw new Error('the shell did not start');
    return { child, pid: child.pid };
  }

  [Symbol.dispose](): void {
    this.cgroup.kill('SIGKILL');
    this.cgroup.delete();
    for (const directory of Object.values(this.cgroup.paths)) removeEmptyAbove(directory);
  }

  #joined(script: string): string {
    const files = this.cgroup.joinFiles().join(' ');
    return `for file in ${files}; do echo 0 > $file || exit 99; done; ${script}`;
  }
}

/** Up to the folder that all cgroups of this process share. */
function removeEmptyAbove(directory: string): void {
  for (let above = dirname(directory); above.includes(PARENT); above = dirname(above)) {
    try {
      rmdirSync(above);
    } catch {
      // Another test's cgroup is below it, or it is a cgroup with a process of its own.
      return;
    }
  }
}

/** Resolves when the child is gone. */
export async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Polls until `condition` holds, for ten seconds at most: an emulated machine is slow. */
export async function eventually(condition: () => boolean): Promise<boolean> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    if (condition()) return true;
    await sleep(10);
  }
  return condition();
}
