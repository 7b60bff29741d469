/**
 * Which hierarchies of control groups this machine has, and where.
 *
 * Version 1 has one hierarchy a controller (or a few controllers mounted together), version 2 a
 * single one for all. A *hybrid* host has both: most controllers on version 1, and a version 2
 * mount that carries whatever is left. `detectHost` is a pure parser, `readHost` feeds it.
 *
 * cgroups(7), proc_pid_mountinfo(5), proc_pid_cgroup(5).
 */
import { readFileSync } from 'node:fs';
import { CgroupError } from './errors.ts';

/** One mounted hierarchy. */
export interface Hierarchy {
  readonly version: 1 | 2;
  readonly mountpoint: string;
  /** The cgroup at the mount point: `/`, or a deeper one when only a branch is mounted. */
  readonly root: string;
  /** The cgroup of this process in the hierarchy, as /proc/self/cgroup names it. */
  readonly own: string;
  /** Version 1: the controllers mounted here, or `name=…`. Version 2: those it can enable. */
  readonly controllers: readonly string[];
  /** The names under which its paths are saved: the controllers, or `''` for version 2. */
  readonly keys: readonly string[];
}

/** Which hierarchies a host has, and where each controller is. */
export interface CgroupHost {
  readonly kind: 'v1' | 'v2' | 'hybrid';
  readonly hierarchies: readonly Hierarchy[];
  /** Where each controller is found. Version 2 also serves `devices` and `freezer`, unless version 1 does. */
  readonly controllers: ReadonlyMap<string, Hierarchy>;
  readonly unified: Hierarchy | undefined;
}

/** The files of procfs and cgroupfs that `detectHost` reads from. */
export interface HostTexts {
  /** /proc/self/mountinfo */
  readonly mountinfo: string;
  /** /proc/self/cgroup */
  readonly selfCgroup: string;
  /** `cgroup.controllers` at the version 2 mount, if there is one. */
  readonly unifiedControllers?: string;
}

/** Not listed in `cgroup.controllers`: every version 2 cgroup has them (Linux 4.15 and 5.2). */
const UNIFIED_ALWAYS = ['devices', 'freezer'];

/** Reads the three files and says what kind of host this is. Errors: none is mounted. */
export function readHost(): CgroupHost {
  const mountinfo = readFileSync('/proc/self/mountinfo', 'utf8');
  const selfCgroup = readFileSync('/proc/self/cgroup', 'utf8');
  const unified = cgroupMounts(mountinfo).find((mount) => mount.type === 'cgroup2');
  if (!unified) return detectHost({ mountinfo, selfCgroup });
  const unifiedControllers = readFileSync(`${unified.mountpoint}/cgroup.controllers`, 'utf8');
  return detectHost({ mountinfo, selfCgroup, unifiedControllers });
}

/** The pure half of `readHost`. Errors: `CGROUP_NOT_MOUNTED` when there is no hierarchy at all. */
export function detectHost(texts: HostTexts): CgroupHost {
  const own = parseSelfCgroup(texts.selfCgroup);
  const hierarchies: Hierarchy[] = [];
  for (const mount of cgroupMounts(texts.mountinfo)) {
    const hierarchy =
      mount.type === 'cgroup2'
        ? unifiedHierarchy(mount, own, texts.unifiedControllers ?? '')
        : versionOneHierarchy(mount, own);
    if (hierarchy && !hierarchies.some((known) => sameHierarchy(known, hierarchy))) {
      hierarchies.push(hierarchy);
    }
  }
  if (hierarchies.length === 0) {
    const advice = 'mount one, such as: mount -t cgroup2 none /sys/fs/cgroup';
    throw new CgroupError('CGROUP_NOT_MOUNTED', `no control group hierarchy is mounted; ${advice}`);
  }
  const unified = hierarchies.find((hierarchy) => hierarchy.version === 2);
  const hasVersionOne = hierarchies.some((hierarchy) => hierarchy.version === 1);
  const kind = !unified ? 'v1' : hasVersionOne ? 'hybrid' : 'v2';
  return { kind, hierarchies, controllers: locateControllers(hierarchies), unified };
}

function locateControllers(hierarchies: readonly Hierarchy[]): Map<string, Hierarchy> {
  const found = new Map<string, Hierarchy>();
  for (const hierarchy of hierarchies.toSorted((a, b) => a.version - b.version)) {
    const pseudo = hierarchy.version === 2 ? UNIFIED_ALWAYS : [];
    for (const name of [...hierarchy.controllers, ...pseudo]) {
      if (!found.has(name)) found.set(name, hierarchy);
    }
  }
  return found;
}

interface CgroupMount {
  readonly root: string;
  readonly mountpoint: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** The control group mounts, those below /sys/fs/cgroup first: a second mount elsewhere is somebody's own. */
function cgroupMounts(mountinfo: string): CgroupMount[] {
  const mounts: CgroupMount[] = [];
  for (const line of mountinfo.split('\n')) {
    // "31 23 0:28 ROOT MOUNTPOINT options [optional fields] - TYPE source super,options"
    const separator = line.indexOf(' - cgroup');
    if (separator < 0) continue;
    const [, , , root = '/', mountpoint = ''] = line.slice(0, separator).split(' ');
    const [type = '', , options = ''] = line.slice(separator + 3).split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') continue;
    mounts.push({
      root: unescapeOctal(root),
      mountpoint: unescapeOctal(mountpoint),
      type,
      options: options.split(','),
    });
  }
  const usual = (mount: CgroupMount): number =>
    mount.mountpoint.startsWith('/sys/fs/cgroup') ? 0 : 1;
  return mounts.toSorted((a, b) => usual(a) - usual(b));
}

/** mountinfo writes space, tab, newline and backslash as `\040` and the like. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** `{ cpu: '/a', 'name=systemd': '/b', '': '/version-2' }`; lines are `ID:names:path`. */
function parseSelfCgroup(text: string): Map<string, string> {
  const own = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\d+:([^:]*):(.*)$/.exec(line);
    if (!match) continue;
    for (const name of (match[1] ?? '').split(',')) own.set(name, match[2] ?? '/');
  }
  return own;
}

function unifiedHierarchy(
  mount: CgroupMount,
  own: Map<string, string>,
  controllers: string,
): Hierarchy {
  return {
    version: 2,
    mountpoint: mount.mountpoint,
    root: mount.root,
    own: own.get('') ?? '/',
    controllers: controllers.split(/\s+/).filter((name) => name !== ''),
    keys: [''],
  };
}

/** The controllers of a version 1 mount are those of its options that /proc/self/cgroup knows. */
function versionOneHierarchy(mount: CgroupMount, own: Map<string, string>): Hierarchy | undefined {
  const names = mount.options.filter((option) => option !== '' && own.has(option));
  const [first] = names;
  if (first === undefined) return undefined;
  return {
    version: 1,
    mountpoint: mount.mountpoint,
    root: mount.root,
    own: own.get(first) ?? '/',
    controllers: names,
    keys: names,
  };
}

function sameHierarchy(a: Hierarchy, b: Hierarchy): boolean {
  return a.version === b.version && a.keys.join() === b.keys.join();
}
