/**
 * What the benchmark needs on disk: one bundle, a `--root` for each runtime, and their cgroup.
 *
 * Life cycle: `openWorkspace()` before the first run, `closeWorkspace()` after the last, also when
 * it was interrupted. Closing takes the containers first, then their cgroups, and the files last.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultConfig, mutate, type Json } from '../conformance/harness/config.ts';
import { makeRootfs, prepareBusybox } from '../conformance/harness/rootfs.ts';

export interface Workspace {
  readonly directory: string;
  /** Above the runtimes' own. */
  readonly roots: string;
  readonly bundle: string;
  /** The group above the containers' own, from the top of each hierarchy. */
  readonly cgroup: string;
}

const SECCOMP = path.join(import.meta.dirname, '../fixtures/seccomp-default.json');

/** Makes the bundle of `/bin/true`: all namespaces but user and time, limits, a seccomp filter. */
export function openWorkspace(busybox: string): Workspace {
  const directory = mkdtempSync(path.join(tmpdir(), 'coracle-bench-'));
  const bundle = path.join(directory, 'bundle');
  const cgroup = `/coracle-bench-${process.pid}`;
  const roots = mkdtempSync(path.join(memoryFolder() ?? directory, 'coracle-bench-'));
  makeRootfs(prepareBusybox(busybox, directory), path.join(bundle, 'rootfs'));
  const config = JSON.stringify(benchConfig(`${cgroup}/container`), null, 2);
  writeFileSync(path.join(bundle, 'config.json'), config);
  return { directory, roots, bundle, cgroup };
}

/** The directory where the runtime of that name keeps its containers. */
export function rootOf({ roots }: Workspace, name: string): string {
  const root = path.join(roots, name);
  mkdirSync(root, { recursive: true });
  return root;
}

/** How to delete what an interrupted runtime left under its root directory. */
export interface Deleter {
  readonly root: string;
  /** A command line, to which the container's id is added. */
  readonly command: readonly string[];
}

/** Removes everything. */
export async function closeWorkspace(
  workspace: Workspace,
  deleters: readonly Deleter[],
): Promise<void> {
  for (const { root, command } of deleters) {
    for (const id of containersIn(root)) forceDelete(command, id);
  }
  await removeCgroups(workspace.cgroup);
  rmSync(workspace.roots, { recursive: true, force: true });
  rmSync(workspace.directory, { recursive: true, force: true });
}

const TMPFS_MAGIC = 0x01021994;

/** Runtimes keep their state below /run, which is a tmpfs wherever there is an init; see statfs(2). */
function memoryFolder(): string | undefined {
  return ['/run', '/dev/shm'].find((folder) => statfsSync(folder).type === TMPFS_MAGIC);
}

function benchConfig(cgroupsPath: string): Json {
  const config = defaultConfig(cgroupsPath);
  mutate(config, {
    '/process/args': ['/bin/true'],
    '/process/noNewPrivileges': true,
    '/linux/namespaces/-': { type: 'cgroup' },
    '/linux/resources': {
      memory: { limit: 256 * 2 ** 20 },
      cpu: { shares: 512, quota: 200_000, period: 100_000 },
      pids: { limit: 64 },
      devices: devices(),
    },
    '/linux/seccomp': JSON.parse(readFileSync(SECCOMP, 'utf8')),
  });
  return config;
}

/** Nothing but null, zero, full, tty, random and urandom. */
function devices(): Json {
  const minors = [
    [1, 3],
    [1, 5],
    [1, 7],
    [5, 0],
    [1, 8],
    [1, 9],
  ] as const;
  const allowed = minors.map(([major, minor]) => ({
    allow: true,
    type: 'c',
    major,
    minor,
    access: 'rwm',
  }));
  return [{ allow: false, access: 'rwm' }, ...allowed];
}

function containersIn(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
}

function forceDelete(command: readonly string[], id: string): void {
  const [program = '', ...args] = command;
  try {
    execFileSync(program, [...args, id], { stdio: 'ignore' });
  } catch {
    // Half-made; its processes are found in the cgroup next.
  }
}

async function removeCgroups(group: string): Promise<void> {
  const base = '/sys/fs/cgroup';
  const isUnified = existsSync(`${base}/cgroup.controllers`);
  const hierarchies = isUnified ? [base] : readdirSync(base).map((name) => `${base}/${name}`);
  const folders = hierarchies.map((hierarchy) => `${hierarchy}${group}`);
  const deadline = Date.now() + 2000;
  while (folders.filter((folder) => !removeGroup(folder)).length > 0) {
    if (Date.now() >= deadline) throw new Error(`${group} still has processes; remove it by hand`);
    await sleep(20);
  }
}

/** Children first; false while a process in it is still on its way out. */
function removeGroup(folder: string): boolean {
  if (!existsSync(folder)) return true;
  const children = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory());
  const removed = children.map((child) => removeGroup(path.join(folder, child.name)));
  if (removed.includes(false)) return false;
  try {
    rmdirSync(folder);
    return true;
  } catch {
    for (const pid of readFileSync(path.join(folder, 'cgroup.procs'), 'utf8').split('\n')) {
      if (pid !== '' && pid !== '0') endProcess(Number(pid));
    }
    return false;
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}
