/**
 * Control groups, asked of their files.
 *
 * A cgroup has a controller's files if its parent lets the controller through, and the root has few
 * of them; so the first cgroup in which the controller is on answers. Where there is none, root
 * makes one for a moment: an empty directory that changes nothing for anybody.
 */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
} from 'node:fs';
import path from 'node:path';
import {
  CgroupError,
  countDevicePrograms,
  readHost,
  type CgroupHost,
  type Hierarchy,
} from 'coracle/cgroups';
import { syscall } from 'coracle/sys';
import { answerOf } from './calls.ts';
import { asRoot, no, unknown, yesIf, YES, type Finding, type Probe } from './finding.ts';
import { kernelAtLeast } from './kernel-version.ts';

export const cgroupProbes = {
  cgroups: () => withHost(() => YES),
  'cgroup version 2 alone': () =>
    withHost(({ kind }) =>
      yesIf(kind === 'v2', kind === 'v1' ? 'only version 1' : 'version 1 too'),
    ),
  'device control': () =>
    withHost(({ controllers }) => {
      const at = controllers.get('devices');
      if (at === undefined) return no('no devices controller, and no version 2 hierarchy');
      return at.version === 1
        ? YES
        : asRoot(() => answerOf(() => countDevicePrograms(at.mountpoint)))();
    }),
  'device program replaced in one step': asRoot(replaceDeviceProgram),
  freezer: () =>
    withHost((host) =>
      host.controllers.get('freezer')?.version === 1 ? YES : unifiedFile(host, 'cgroup.freeze'),
    ),
  'cgroup.kill': () => withHost((host) => unifiedFile(host, 'cgroup.kill')),
  'swap limit': () => controllerFile('memory', 'memory.memsw.limit_in_bytes', 'memory.swap.max'),
  'memory peak': () => controllerFile('memory', 'memory.max_usage_in_bytes', 'memory.peak'),
  'CPU burst': () => controllerFile('cpu', 'cpu.cfs_burst_us', 'cpu.max.burst'),
  'CPU idle': () => controllerFile('cpu', 'cpu.idle', 'cpu.idle'),
  'huge pages': () =>
    withHost(({ controllers }) => yesIf(controllers.has('hugetlb'), 'no hugetlb controller')),
  'huge page reservations': () => {
    const found = controllerFile('hugetlb', /\.rsvd\.limit_in_bytes$/, /\.rsvd\.max$/);
    // systemd lets this controller through to nobody, so there may be no cgroup that has its files.
    return found.answer === 'unknown' ? kernelAtLeast(5, 7) : found;
  },
  'I/O weight': () =>
    withHost(({ controllers }) =>
      controllers.has('blkio')
        ? controllerFile('blkio', /^blkio\.(bfq\.)?weight$/, '')
        : controllerFile('io', '', /^io\.(bfq\.)?weight$/),
    ),
  'systemd in charge': () =>
    yesIf(existsSync('/run/systemd/system'), 'something else is process 1'),
  pressure: () => yesIf(existsSync('/proc/pressure/cpu'), 'no /proc/pressure'),
  'delegated cgroup': () => withHost(delegated),
} satisfies Record<string, Probe>;

function withHost(probe: (host: CgroupHost) => Finding): Finding {
  try {
    return probe(readHost());
  } catch (error) {
    if (error instanceof CgroupError) return no(error.message);
    throw error;
  }
}

type Name = string | RegExp;

function controllerFile(controller: string, one: Name, two: Name): Finding {
  return withHost(({ controllers }) => {
    const hierarchy = controllers.get(controller);
    if (hierarchy === undefined) return no(`no ${controller} controller`);
    return findFile(hierarchy, hierarchy.version === 1 ? one : two, controller);
  });
}

function unifiedFile({ unified }: CgroupHost, name: string): Finding {
  return unified === undefined ? no('no version 2 hierarchy') : findFile(unified, name);
}

/** Looks into the first cgroup below the top that has the controller. */
function findFile(hierarchy: Hierarchy, name: Name, controller?: string): Finding {
  const matches = (file: string): boolean =>
    typeof name === 'string' ? file === name : name.test(file);
  const wanted = typeof name === 'string' ? name : `file like ${name.source}`;
  const answer = (files: readonly string[]): Finding => yesIf(files.some(matches), `no ${wanted}`);
  const found = firstCgroup(hierarchy.mountpoint, (folder) =>
    hasController(folder, hierarchy, controller),
  );
  if (found !== undefined) return answer(readdirSync(found));
  if (process.geteuid?.() !== 0)
    return unknown('no cgroup to look into, and only root can make one');
  return inTrialCgroup(hierarchy.mountpoint, (folder) =>
    hasController(folder, hierarchy, controller)
      ? answer(readdirSync(folder))
      : unknown(`the ${controller ?? ''} controller is on in no cgroup`),
  );
}

function hasController(folder: string, { version }: Hierarchy, controller?: string): boolean {
  if (version === 1 || controller === undefined) return true;
  return read(`${folder}/cgroup.controllers`).split(' ').includes(controller);
}

/** Depth first; at most a few hundred folders are read before it says yes or gives up. */
function firstCgroup(top: string, suits: (folder: string) => boolean): string | undefined {
  const waiting = folders(top);
  for (let seen = 0; seen < 500; seen += 1) {
    const folder = waiting.pop();
    if (folder === undefined || suits(folder)) return folder;
    waiting.push(...folders(folder));
  }
  return undefined;
}

function folders(top: string): string[] {
  try {
    const entries = readdirSync(top, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(top, name));
  } catch {
    // Removed while we looked.
    return [];
  }
}

function inTrialCgroup(top: string, look: (folder: string) => Finding): Finding {
  const folder = path.join(top, `coracle-doctor-${process.pid}`);
  try {
    mkdirSync(folder);
  } catch {
    return unknown(`no cgroup can be made in ${top}`);
  }
  try {
    return look(folder);
  } finally {
    rmdirSync(folder);
  }
}

const BPF_PROG_ATTACH = 8;
const BPF_CGROUP_DEVICE = 6;
const ALLOW_MULTI_AND_REPLACE = 2 | 4;
const NO_FD = 0x7ffffffe;

/** Attaches what is not open to what is not open: EBADF, once the flags have been found good. */
function replaceDeviceProgram(): Finding {
  const attr = Buffer.alloc(20);
  const words = [NO_FD, NO_FD, BPF_CGROUP_DEVICE, ALLOW_MULTI_AND_REPLACE, NO_FD];
  for (const [index, word] of words.entries()) attr.writeUInt32LE(word, index * 4);
  return answerOf(() => syscall('bpf', BPF_PROG_ATTACH, attr, attr.length), ['EBADF']);
}

/** Whether the caller may make cgroups beside its own (on version 2) or below it. */
function delegated(host: CgroupHost): Finding {
  if (process.geteuid?.() === 0) return YES;
  const { unified } = host;
  if (host.kind !== 'v2' || unified === undefined) return no('cgroup version 1 is not delegated');
  const beside = path.join(unified.mountpoint, path.dirname(unified.own));
  try {
    accessSync(beside, constants.W_OK);
    return YES;
  } catch {
    return no(`${beside} does not belong to this user; log in where systemd --user runs`);
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
