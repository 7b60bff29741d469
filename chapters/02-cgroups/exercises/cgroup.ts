/**
 * A cgroup for a check on the kernel. The grader makes it and removes it with all that is in it,
 * whatever the learner's code does; the learner's process is only told where it is.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CgroupError, createCgroup, detectHost, readHost } from 'coracle/cgroups';
import type { Cgroup, CgroupHost } from 'coracle/cgroups';
import { NotHere } from '../../../tests/grader/attempt.ts';

let count = 0;

export class GradeCgroup implements Disposable {
  /** As `linux.cgroupsPath` names it: `/coracle-grade-…/deep`. */
  readonly path: string;
  readonly cgroup: Cgroup;

  /** Throws NotHere, with the kernel's reason, where no cgroup can be made. */
  constructor(host: () => CgroupHost = readHost) {
    this.path = `/coracle-grade-${process.pid}-${(count += 1)}/deep`;
    try {
      this.cgroup = createCgroup(host(), this.path);
    } catch (error) {
      if (error instanceof CgroupError) throw new NotHere(error.message);
      throw error;
    }
  }

  /** Starts a process in it that does nothing, and returns its PID once it is in. */
  async startSleeper(): Promise<number> {
    const script = `${this.#join()}echo joined; exec sleep 60`;
    const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    const joined = once(child.stdout, 'data').then(() => true);
    const ended = once(child, 'exit').then(() => false);
    if ((await Promise.race([joined, ended])) && child.pid !== undefined) return child.pid;
    throw new NotHere(`no process can join ${this.path}`);
  }

  /** Which of these shell commands succeed in it: `{ 'exec 3</dev/zero': true }`. */
  outcomes(...commands: readonly string[]): Record<string, boolean> {
    return Object.fromEntries(commands.map((command) => [command, this.#succeeds(command)]));
  }

  /** Waits until nobody is in it, for three seconds at most; returns how many are. */
  async leftInside(): Promise<number> {
    const patience = 3000 * Number(process.env['CORACLE_SLOW'] ?? '1');
    const deadline = performance.now() + patience;
    while (this.cgroup.processes().length > 0 && performance.now() < deadline) await sleep(10);
    return this.cgroup.processes().length;
  }

  [Symbol.dispose](): void {
    this.cgroup.kill('SIGKILL');
    this.cgroup.delete();
    for (const directory of new Set(Object.values(this.cgroup.paths).map(dirname))) {
      rmdirSync(directory);
    }
  }

  #succeeds(command: string): boolean {
    const script = `${this.#join()}${command}`;
    return spawnSync('sh', ['-c', script], { stdio: 'ignore' }).status === 0;
  }

  #join(): string {
    const files = this.cgroup.joinFiles().join(' ');
    return `for file in ${files}; do echo 0 > $file || exit 99; done; `;
  }
}

/** The version 2 tree of this machine alone, as if there were no other. Controllers are let be. */
export function unifiedOnly(): CgroupHost {
  const mountinfo = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(' - cgroup2 '))
    .join('\n');
  return detectHost({ mountinfo, selfCgroup: '0::/\n', unifiedControllers: '' });
}
