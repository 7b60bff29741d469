/** Which of the machine's processes belong to a test run, told from outside through /proc. */
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { cgroupMembers } from '../../chapters/12-engine/workbook/machine/cgroups.ts';
import {
  ancestors,
  commandOf,
  readProcesses,
  type MachineProcess,
} from '../../chapters/12-engine/workbook/machine/processes.ts';

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
  const all = readProcesses();
  return [...all.values()]
    .filter(({ pid }) => !isKin(pid, all) && isOurs(pid))
    .map(describe)
    .filter((text) => text !== undefined);
}

/** Whose processes live in a cgroup: one entry each; empty when nobody does. */
export function membersOf(cgroup: string): ('ours' | 'other')[] {
  return cgroupMembers(cgroup).map((pid) => (isOurs(pid) ? 'ours' : 'other'));
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

function isKin(pid: number, all: ReadonlyMap<number, MachineProcess>): boolean {
  return ancestors(pid, all).includes(process.pid) || ancestors(process.pid, all).includes(pid);
}

function describe({ pid, start }: MachineProcess): string | undefined {
  const command = commandOf(pid);
  if (command === undefined) return undefined;
  return `pid ${pid} (start ${start}): ${command === '' ? '[no command line]' : command}`;
}
