/**
 * What engines and runtimes may leave on a machine: mounts, processes, cgroups, links, firewall
 * rules, sysctls, run-time folders. A picture is taken before the first engine starts and again
 * after the last one ended; the difference must be empty.
 *
 * Only what can be told to be ours counts: mounts and processes that name the test's folder, and
 * cgroups below the test's parent, so that other work on the machine does not disturb the test.
 */
import { existsSync, globSync, readdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cgroupDriver } from './cgroup-parent.ts';
import { output, run } from './command.ts';
import { until } from './until.ts';

/** One line for each thing found, such as `mount /tmp/x/merged`. */
export async function pictureOfHost(folder: string, cgroupParent: string): Promise<string[]> {
  return [
    ...mountsBelow(folder).map((target) => `mount ${target}`),
    ...processesNaming(folder).map((pid) => `process ${pid} ${commandLine(pid)}`),
    ...cgroupsBelow(cgroupParent).map((path) => `cgroup ${path}`),
    ...globSync(ENGINE_CGROUPS).map((path) => `cgroup ${path}`),
    ...(await linesOf('link', ['ip', '-brief', 'link']).then(engineLinks)),
    ...(await linesOf('firewall', ['nft', '--stateless', 'list', 'ruleset'])),
    `ip_forward ${readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trim()}`,
    deviceOwner('/dev/null'),
    ...globSync(RUN_TIME_FOLDERS).map((path) => `folder ${path}`),
  ];
}

/** What is in `after` and was not in `before`, or the other way round. */
export function difference(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...after.filter((line) => !before.includes(line)).map((line) => `new: ${line}`),
    ...before.filter((line) => !after.includes(line)).map((line) => `gone: ${line}`),
  ];
}

/** The names in a folder that may never have been made, but for hidden ones, such as caches. */
export function namesIn(folder: string): string[] {
  const all = existsSync(folder) ? readdirSync(folder) : [];
  return all.filter((name) => !name.startsWith('.'));
}

/** The cgroups of containers, in any hierarchy, that are still below `parent`. */
export function cgroupsBelow(parent: string): string[] {
  const all = globSync([`/sys/fs/cgroup${parent}/**/`, `/sys/fs/cgroup/*${parent}/**/`]);
  return all.filter((path) => !path.endsWith(parent) && !CONMON.test(path));
}

/** conmon's cgroup is podman's, and it leaves it, or ends a moment after the container. */
const CONMON = /\/(conmon|libpod-conmon-[0-9a-f]+\.scope)$/;

/**
 * Removes a cgroup that an engine made and leaves, in every hierarchy, with the child in which
 * conmon was. It must hold no container. It stays busy as long as the machine's init has not yet
 * reaped the last dead process in it, hence the patience.
 */
export async function removeCgroup(name: string): Promise<void> {
  if (cgroupDriver === 'systemd') return void (await output(['systemctl', 'stop', basename(name)]));
  await until(`the cgroups ${name} to be empty`, () => {
    for (const path of globSync([`/sys/fs/cgroup${name}`, `/sys/fs/cgroup/*${name}`])) {
      for (const child of globSync(`${path}/conmon`)) rmdirSync(child);
      rmdirSync(path);
    }
    return true;
  });
}

/** Removes the fixed folders below /run that daemons make, where they are new and empty. */
export function removeRunTimeFolders(before: readonly string[]): void {
  const found = globSync(RUN_TIME_FOLDERS).toSorted((a, b) => b.length - a.length);
  for (const path of found.filter((folder) => !before.includes(`folder ${folder}`))) {
    try {
      rmdirSync(path);
    } catch {
      // Not empty: the next picture of the host shows it.
    }
  }
}

/** Where engines put containers for which no test said where. */
const ENGINE_CGROUPS = ['', '/*'].map((any) => `/sys/fs/cgroup${any}/{docker,libpod_parent,moby}`);

const RUN_TIME_FOLDERS = [
  '/run/containerd',
  '/run/containerd/**/',
  '/run/docker',
  '/run/docker/**/',
  '/run/libpod',
  '/run/runc',
  '/var/lib/cni',
  '/dev/shm/libpod_lock',
];

/** Mount points on the host below `folder`, the innermost first. */
export function mountsBelow(folder: string): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const targets = lines.map((line) => line.split(' ')[4] ?? '');
  return targets.filter((target) => target.startsWith(folder)).toReversed();
}

/** Processes with `folder` on their command line: engines, shims, conmon, clients. */
export function processesNaming(folder: string): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return all.filter((pid) => pid !== process.pid && commandLine(pid).includes(folder));
}

/** Processes in any cgroup below `parent`. */
export function processesIn(parent: string): number[] {
  const files = cgroupsBelow(parent).map((path) => join(path, 'cgroup.procs'));
  const pids = files.flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean));
  return [...new Set(pids.map(Number))];
}

/** Kills processes that may be gone already. */
export function endProcesses(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // It ended while the list was made.
  }
}

/** A runtime that changes owners inside a container can hit the host's device by mistake. */
function deviceOwner(path: string): string {
  const { uid, gid, mode } = statSync(path);
  return `device ${path} of ${uid}:${gid}, mode ${mode.toString(8)}`;
}

async function linesOf(kind: string, argv: readonly string[]): Promise<string[]> {
  const { stdout } = await run(argv);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => `${kind} ${line}`);
}

function engineLinks(links: readonly string[]): string[] {
  return links.filter((line) => /^link (docker|br-|veth|cni|podman)/.test(line));
}
