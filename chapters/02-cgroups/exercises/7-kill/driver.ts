/** The learner's killAll, on a container that is not there, and on a real one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openCgroup, readHost } from 'coracle/cgroups';
import type { Cgroup, CgroupPaths, KillTarget } from 'coracle/cgroups';
import { tryKill, type Outcome, type Scene } from './container.ts';

interface Learner {
  killAll(target: KillTarget, signal: NodeJS.Signals | number): void;
}

interface Trial {
  readonly scene: Scene;
  readonly signal: NodeJS.Signals | number;
}

export function kill(learner: Learner, { scene, signal }: Trial): Outcome {
  return tryKill((...args) => learner.killAll(...args), scene, signal);
}

interface Task {
  readonly paths: CgroupPaths;
  /** What runs in it: this machine's shell, which says `ready`. */
  readonly script: string;
  readonly signal: NodeJS.Signals;
}

/** Starts the script in the cgroup, and sends the signal once it is ready. */
export async function end(learner: Learner, { paths, script, signal }: Task): Promise<void> {
  const cgroup = openCgroup(readHost(), paths);
  const join = cgroup.joinFiles().map((file) => `echo 0 >${file}`);
  const shell = spawn('sh', ['-ec', `${join.join('; ')}; ${script}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await Promise.race([once(shell.stdout, 'data'), once(shell, 'exit')]);
  learner.killAll(targetOf(cgroup), signal);
}

/** As on a kernel without cgroup.kill, so that the freezer is needed. */
function targetOf(cgroup: Cgroup): KillTarget {
  return {
    killAtOnce: () => false,
    isFrozen: () => cgroup.isFrozen(),
    freeze: () => {
      cgroup.freeze();
      return true;
    },
    thaw: () => cgroup.thaw(),
    processes: () => cgroup.processes(),
    send: (pid, signal) => void process.kill(pid, signal),
  };
}
