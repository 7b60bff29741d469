import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { detectHost } from 'coracle/cgroups';
import type { CgroupHost } from 'coracle/cgroups';
import { named, show, type Attempt } from '../../../../tests/grader/attempt.ts';
import type { Exercise } from '../../../../tests/grader/exercise.ts';
import { GradeCgroup } from '../cgroup.ts';
import { HYBRID, V1, V2, branch, hostOf } from './hosts.ts';

const INVALID = 'CGROUP_INVALID';

type Paths = Record<string, string>;

/** Shows the machine before what is asked about it. */
async function plan(attempt: Attempt, host: CgroupHost, cgroupsPath: string): Promise<Paths> {
  const trees = host.hierarchies.map(({ keys, mountpoint, root, own }) =>
    show({ keys, mountpoint, ...(root !== '/' && { root }), own }),
  );
  attempt.steps.push(`host = ${host.kind}`, ...trees.map((tree) => `  ${tree}`));
  return (await attempt.call('planPaths', named('host', host), cgroupsPath)) as Paths;
}

async function cleans(attempt: Attempt, ...pairs: (readonly [string, string])[]): Promise<void> {
  for (const [from, to] of pairs) attempt.equal(await attempt.call('cleanPath', from), to);
}

async function refuses(attempt: Attempt, ...cgroupsPaths: string[]): Promise<void> {
  for (const cgroupsPath of cgroupsPaths) {
    const { code } = await attempt.throws('invalid', 'cleanPath', cgroupsPath);
    attempt.equal(code, INVALID, 'code');
  }
}

/** Starts a process in `grade`, and looks at the machine as it does. */
async function hostOfProcessIn(
  grade: GradeCgroup,
  attempt: Attempt,
): Promise<{ pid: number; host: CgroupHost }> {
  const pid = await grade.startSleeper();
  attempt.steps.push(attempt.say('sleeper'));
  const read = (file: string): string => readFileSync(`/proc/${pid}/${file}`, 'utf8');
  const texts = { mountinfo: read('mountinfo'), selfCgroup: read('cgroup') };
  const places = new Set(texts.selfCgroup.match(/coracle-grade[^/]*\/\S+/g));
  const shown = [...places].map((place) => place.replace(/-\d.*\//, '/'));
  attempt.evidence.push(`/proc/PID/cgroup  …:/${shown.join(' ')}`);
  return { pid, host: detectHost({ ...texts, unifiedControllers: '' }) };
}

/** The directories, of which there must be one for each key. */
async function planThere(
  attempt: Attempt,
  host: CgroupHost,
  cgroupsPath: unknown,
): Promise<string[]> {
  const paths = (await attempt.call('planPaths', named('host', host), cgroupsPath)) as Paths;
  const keys = host.hierarchies.flatMap((hierarchy) => hierarchy.keys);
  attempt.holds(
    keys.every((key) => key in paths),
    'each-key',
    Object.keys(paths).join(', '),
  );
  return Object.values(paths);
}

function holds(directory: string, pid: number): boolean {
  const file = `${directory}/cgroup.procs`;
  return existsSync(file) && readFileSync(file, 'utf8').split('\n').includes(String(pid));
}

/** Without what differs from machine to machine. */
function shownPath({ hierarchies }: CgroupHost, grade: GradeCgroup, directory: string): string {
  const mount = hierarchies
    .map(({ mountpoint }) => mountpoint)
    .toSorted((a, b) => b.length - a.length)
    .find((mountpoint) => directory.startsWith(mountpoint));
  return directory
    .replace(mount ?? '', 'MOUNT')
    .replaceAll(path.dirname(grade.path), '/coracle-grade');
}

function pick<Item>(items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(Math.random() * items.length)] ?? items[0];
}

/** Ends with a name, so that something is left of it. */
function randomPath(): string {
  const parts = Array.from({ length: Math.floor(Math.random() * 6) }, () =>
    pick(['a', 'b', '..', '.', '', 'c d']),
  );
  return `${pick(['', '/'])}${[...parts, `box${Math.floor(Math.random() * 1000)}`].join('/')}`;
}

export const exercise: Exercise = {
  id: '02.1',
  points: 10,
  checks: [
    {
      id: 'one-form',
      async run(attempt) {
        await cleans(
          attempt,
          ['/a/b', '/a/b'],
          ['a/b', '/a/b'],
          ['/a/b/', '/a/b'],
          ['/a//b', '/a/b'],
          ['./a/./b', '/a/b'],
        );
      },
    },
    {
      id: 'dots',
      async run(attempt) {
        await cleans(
          attempt,
          ['/x/../a', '/a'],
          ['../../a/b', '/a/b'],
          ['/a/../../../etc', '/etc'],
          ['/..a/b..', '/..a/b..'],
        );
      },
    },
    { id: 'root', run: (attempt) => refuses(attempt, '/', '', '.', '/a/..') },
    { id: 'newline', run: (attempt) => refuses(attempt, '/a\nb', '/a\0b') },
    {
      id: 'absolute',
      async run(attempt) {
        attempt.equal(await plan(attempt, V1, '/docker/box'), {
          cpu: '/sys/fs/cgroup/cpu,cpuacct/docker/box',
          cpuacct: '/sys/fs/cgroup/cpu,cpuacct/docker/box',
          memory: '/sys/fs/cgroup/memory/docker/box',
        });
        const atRoot = hostOf('v2', { keys: [''], mountpoint: '/', own: '/' });
        attempt.equal(await plan(attempt, atRoot, '/docker/box'), { '': '/docker/box' });
      },
    },
    {
      id: 'relative',
      async run(attempt) {
        attempt.equal(await plan(attempt, V1, 'box'), {
          cpu: '/sys/fs/cgroup/cpu,cpuacct/box',
          cpuacct: '/sys/fs/cgroup/cpu,cpuacct/box',
          memory: '/sys/fs/cgroup/memory/user/ann/box',
        });
        attempt.equal(await plan(attempt, HYBRID, 'box'), {
          pids: '/sys/fs/cgroup/pids/user/box',
          '': '/sys/fs/cgroup/unified/user/ann/box',
        });
      },
    },
    {
      id: 'parent-on-v2',
      async run(attempt) {
        attempt.equal(await plan(attempt, V2, 'box'), { '': '/sys/fs/cgroup/user.slice/box' });
      },
    },
    {
      id: 'branch',
      async run(attempt) {
        const below = await plan(attempt, branch('/docker/x/y'), 'box');
        attempt.equal(below, { pids: '/sys/fs/cgroup/pids/y/box' });
        const top = await plan(attempt, branch('/docker/x'), 'box');
        attempt.equal(top, { pids: '/sys/fs/cgroup/pids/box' });
      },
    },
    {
      id: 'out-of-reach',
      async run(attempt) {
        const elsewhere = await plan(attempt, branch('/docker/other'), 'box');
        attempt.equal(elsewhere, { pids: '/sys/fs/cgroup/pids/box' });
        const tree = { keys: ['pids'], mountpoint: '/sys/fs/cgroup/pids', own: '/../other' };
        const outside = await plan(attempt, hostOf('v1', tree), 'box');
        attempt.equal(outside, { pids: '/sys/fs/cgroup/pids/box' });
      },
    },
    {
      id: 'any-path',
      async run(attempt) {
        for (let round = 0; round < 20; round += 1) {
          const host = pick([V1, V2, HYBRID, branch('/docker/x/y/z')]);
          await attempt.agrees('planPaths', host, randomPath());
        }
      },
    },
    {
      id: 'finds-the-process',
      needs: 'kernel',
      async run(attempt) {
        using grade = new GradeCgroup();
        const { pid, host } = await hostOfProcessIn(grade, attempt);
        const paths = await planThere(attempt, host, named("'/coracle-grade/deep'", grade.path));
        for (const directory of paths) {
          const shown = shownPath(host, grade, directory);
          attempt.holds(holds(directory, pid), 'holds-it', shown);
        }
      },
    },
    {
      id: 'beside-the-process',
      needs: 'kernel',
      async run(attempt) {
        using grade = new GradeCgroup();
        const { pid, host } = await hostOfProcessIn(grade, attempt);
        for (const directory of await planThere(attempt, host, 'box')) {
          const above = path.dirname(directory);
          const shown = shownPath(host, grade, directory);
          const home = host.kind === 'v2' ? `${above}/deep` : above;
          attempt.holds(holds(home, pid), 'beside-it', shown);
        }
      },
    },
  ],
  async show(attempt) {
    await plan(attempt, HYBRID, '/docker/box');
    await plan(attempt, HYBRID, 'box');
  },
};
