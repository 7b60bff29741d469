/** Which of the machine's processes belong to a test run, told from outside through /proc. */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import path from 'node:path';

/** The environment variable that every process of a test run inherits. */
export const marker = {
  name: 'CORACLE_TEST_RUN',
  value: process.env['CORACLE_TEST_RUN'] ?? randomUUID(),
};

/**
 * Processes that a test started and that are still there, each as `pid N (start time): command`.
 * Left out are our own ancestors and descendants.
 */
export function testProcesses(): string[] {
  const parents = parentsOf();
  return [...parents.keys()]
    .filter((pid) => !isKin(pid, parents) && isOurs(pid))
    .map(describe)
    .filter((text) => text !== undefined);
}

/** Whose processes live in a cgroup: one entry each; empty when nobody does. */
export function membersOf(cgroup: string): ('ours' | 'other')[] {
  try {
    const pids = readFileSync(path.join(cgroup, 'cgroup.procs'), 'utf8').trim();
    if (pids === '') return [];
    return pids.split('\n').map((pid) => (isOurs(Number(pid)) ? 'ours' : 'other'));
  } catch {
    // Gone, or a threaded v2 group, which lists no processes.
    return [];
  }
}

/**
 * A process carries our mark in its environment, or, since a container's environment comes from
 * its config alone, it lives in another PID namespace or under another root than we do.
 */
function isOurs(pid: number): boolean {
  const folder = `/proc/${pid}`;
  try {
    const environment = readFileSync(`${folder}/environ`, 'utf8').split('\0');
    if (environment.includes(`${marker.name}=${marker.value}`)) return true;
    if (readlinkSync(`${folder}/ns/pid`) !== readlinkSync('/proc/self/ns/pid')) return true;
    const [root, own] = [statSync(`${folder}/root`), statSync('/')];
    return root.ino !== own.ino || root.dev !== own.dev;
  } catch {
    // Ended while we looked, or of another user while we are not root.
    return false;
  }
}

function isKin(pid: number, parents: ReadonlyMap<number, number>): boolean {
  return (
    ancestors(pid, parents).includes(process.pid) || ancestors(process.pid, parents).includes(pid)
  );
}

/** The process itself, its parent, and so on up. */
function ancestors(pid: number, parents: ReadonlyMap<number, number>): number[] {
  const parent = parents.get(pid);
  return parent === undefined ? [pid] : [pid, ...ancestors(parent, parents)];
}

function parentsOf(): Map<number, number> {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return new Map(
    pids.flatMap((pid) => {
      const stat = statFields(pid);
      return stat === undefined ? [] : [[pid, Number(stat[1])] as const];
    }),
  );
}

function describe(pid: number): string | undefined {
  const stat = statFields(pid);
  if (stat === undefined) return undefined;
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return `pid ${pid} (start ${stat[19] ?? '?'}): ${command === '' ? '[no command line]' : command}`;
  } catch {
    return undefined;
  }
}

/** proc_pid_stat(5) from the state (field 3) on; the name before it may hold spaces and brackets. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
