// What the machine offers, asked once. Cases use it to say why they cannot be observed here.

import { accessSync, existsSync, readdirSync, readFileSync } from 'node:fs';

export interface Host {
  /** How cgroups are mounted: v1 with a v2 tree beside it is `hybrid`. */
  cgroups: 'v1' | 'v2' | 'hybrid';
  /** v1 controllers that have a mount of their own; on a v2 host, those that any cgroup can have. */
  controllers: ReadonlySet<string>;
  selinux: boolean;
  apparmor: boolean;
  resctrl: boolean;
  timeNamespaces: boolean;
  /** May hard limits be raised and oom_score_adj lowered? */
  sysResource: boolean;
  cpus: number;
}

/** Looks at the machine; nothing is changed. */
export function inspectHost(): Host {
  const first = v1Controllers();
  const cgroups = cgroupMode(first);
  return {
    cgroups,
    controllers: cgroups === 'v2' ? v2Controllers() : first,
    selinux: existsSync('/sys/fs/selinux/enforce'),
    apparmor: existsSync('/sys/kernel/security/apparmor/profiles'),
    resctrl: existsSync('/sys/fs/resctrl/schemata'),
    timeNamespaces: existsSync('/proc/self/ns/time'),
    sysResource: hasCapability(24),
    cpus: readdirSync('/sys/devices/system/cpu').filter((name) => /^cpu\d+$/.test(name)).length,
  };
}

/** A reason to skip unless the host has that controller, in a v1 hierarchy or in the v2 tree. */
export function controlled(controller: string): (host: Host) => string | undefined {
  return (host) =>
    host.controllers.has(controller) ? undefined : `the host has no cgroup for ${controller}`;
}

/** The same for what only v1 has. */
export function v1(controller: string): (host: Host) => string | undefined {
  return (host) =>
    host.cgroups === 'v2' ? 'the host has cgroup v2' : controlled(controller)(host);
}

/** A reason to skip unless the host has cgroup v2 alone. */
export function v2(host: Host): string | undefined {
  return host.cgroups === 'v2' ? undefined : `the host has cgroup ${host.cgroups}`;
}

/** Path of a program on PATH, or undefined. */
export function which(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin').split(':');
  return folders.map((folder) => `${folder}/${program}`).find(isReadable);
}

function isReadable(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}

function v1Controllers(): Set<string> {
  const found = new Set<string>();
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    const [mount, filesystem] = line.split(' - ');
    if (!filesystem?.startsWith('cgroup ')) continue;
    const point = mount?.split(' ')[4] ?? '';
    for (const name of (point.split('/').pop() ?? '').split(',')) found.add(name);
  }
  return found;
}

/** By v1's names, where the names differ; devices and the freezer need no controller in v2. */
function v2Controllers(): Set<string> {
  const names = readFileSync('/sys/fs/cgroup/cgroup.controllers', 'utf8').trim().split(' ');
  return new Set([...names, ...(names.includes('io') ? ['blkio'] : []), 'devices', 'freezer']);
}

function cgroupMode(controllers: Set<string>): Host['cgroups'] {
  if (existsSync('/sys/fs/cgroup/cgroup.controllers')) return 'v2';
  return controllers.size > 0 && existsSync('/sys/fs/cgroup/unified/cgroup.procs')
    ? 'hybrid'
    : 'v1';
}

function hasCapability(bit: number): boolean {
  const line = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return line !== undefined && ((BigInt(`0x${line}`) >> BigInt(bit)) & 1n) === 1n;
}
