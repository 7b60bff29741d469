/** Machines as values. */
import type { CgroupHost, Hierarchy } from 'coracle/cgroups';

type Tree = Pick<Hierarchy, 'keys' | 'mountpoint' | 'own'> & Partial<Pick<Hierarchy, 'root'>>;

export function hostOf(kind: CgroupHost['kind'], ...trees: readonly Tree[]): CgroupHost {
  const hierarchies = trees.map(({ root = '/', ...tree }): Hierarchy => {
    const isUnified = tree.keys.includes('');
    const controllers = isUnified ? ['memory', 'pids'] : tree.keys;
    return { version: isUnified ? 2 : 1, root, controllers, ...tree };
  });
  const controllers = new Map(
    hierarchies.flatMap((tree) => tree.controllers.map((name) => [name, tree] as const)),
  );
  const unified = hierarchies.find(({ version }) => version === 2);
  return { kind, hierarchies, controllers, unified };
}

/** Two controllers are mounted together; this process is elsewhere in each tree. */
export const V1 = hostOf(
  'v1',
  { keys: ['cpu', 'cpuacct'], mountpoint: '/sys/fs/cgroup/cpu,cpuacct', own: '/' },
  { keys: ['memory'], mountpoint: '/sys/fs/cgroup/memory', own: '/user/ann' },
);

export const V2 = hostOf('v2', {
  keys: [''],
  mountpoint: '/sys/fs/cgroup',
  own: '/user.slice/ann.scope',
});

export const HYBRID = hostOf(
  'hybrid',
  { keys: ['pids'], mountpoint: '/sys/fs/cgroup/pids', own: '/user' },
  { keys: [''], mountpoint: '/sys/fs/cgroup/unified', own: '/user/ann' },
);

/** A container on a version 1 host: its mount shows the branch `/docker/x` only. */
export function branch(own: string): CgroupHost {
  return hostOf('v1', {
    keys: ['pids'],
    mountpoint: '/sys/fs/cgroup/pids',
    root: '/docker/x',
    own,
  });
}
