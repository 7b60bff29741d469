/**
 * The names that Coracle gives to what it makes, so that a leftover is told from a file that a
 * person has called coracle-something.
 */

import path from 'node:path';

/** In front of the six characters that mkdtemp(3) adds: `/tmp/coracle-demo-Xa3b9Z`. */
export const temporaryKinds: readonly string[] = [
  // the engine
  'console',
  'idmap',
  'layers',
  'overlay',
  'overlay-feature',
  'settle',
  'unpack',
  'warm-up',
  // the demo and the chapters
  'demo',
  'chapter-01',
  'chapter-03',
  'chapter-04',
  'chapter-05',
  'chapter-06',
  'hint',
  // tests and benchmarks
  'apparmor',
  'bench',
  'bench-images',
  'book',
  'cgroup-test',
  'cgroup2',
  'chapters',
  'cli',
  'cli-test',
  'commands',
  'content-test',
  'devices',
  'doctor-test',
  'files',
  'fuzz',
  'headers',
  'hooks',
  'interop',
  'interop-registry',
  'interop-tokens',
  'keychain',
  'kill-test',
  'layer-test',
  'leaks',
  'learner',
  'listing',
  'log',
  'loop',
  'mounts',
  'namespaces',
  'overlay-test',
  'read-test',
  'registry',
  'rootless',
  'runtime',
  'socket',
  'spawn',
  'spec',
  'spec-test',
  'systemd',
  'tar-test',
  'threats',
  'unpack-interop',
  'unpack-test',
];

/** Folders in which the temporary ones are made. */
export const temporaryRoots: readonly string[] = ['/tmp', '/var/tmp', '/dev/shm'];

/** Whether a name in one of `temporaryRoots` is one that Coracle makes. */
export function isTemporary(name: string): boolean {
  const kind = /^coracle-(.+)-[A-Za-z0-9]{6}$/.exec(name)?.[1];
  return kind !== undefined && temporaryKinds.includes(kind);
}

/** `/tmp/coracle-demo-Xa3b9Z` of a path in it. */
export function temporaryFolderOf(point: string): string | undefined {
  const root = temporaryRoots.find((each) => point.startsWith(`${each}/`));
  if (root === undefined) return undefined;
  const [name = ''] = point.slice(root.length + 1).split('/');
  return isTemporary(name) ? path.join(root, name) : undefined;
}

/** Whether a cgroup, network namespace, link or process bears the engine's name. */
export function isCoracles(name: string): boolean {
  // Units of systemd, such as coracle-modules.service, are systemd's to end.
  if (/\.(service|slice|scope|mount|socket|timer)$/.test(name)) return false;
  return name.startsWith('coracle');
}
