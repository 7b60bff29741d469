/** Who is in a cgroup, and in those below it. */
import { readdirSync } from 'node:fs';
import { errnoOf } from './errors.ts';
import { readOptional, readValue } from './files.ts';

/**
 * The ids of all processes in `directory` and below, ascending, as this PID namespace sees them.
 * A cgroup that is gone has none. cgroups(7), "cgroup.procs".
 */
export function listProcesses(directory: string): number[] {
  const found = new Set<number>();
  collect(directory, found);
  return [...found].toSorted((a, b) => a - b);
}

function collect(directory: string, found: Set<number>): void {
  let entries;
  try {
    for (const pid of readMembers(directory)) found.add(pid);
    entries = readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (['ENOENT', 'ENODEV'].includes(errnoOf(error) ?? '')) return;
    throw error;
  }
  for (const entry of entries) {
    if (entry.isDirectory()) collect(`${directory}/${entry.name}`, found);
  }
}

/** A threaded version 2 cgroup has no list of processes, only of threads: theirs are meant. */
function readMembers(directory: string): number[] {
  try {
    return numbers(readValue(`${directory}/cgroup.procs`));
  } catch (error) {
    if (errnoOf(error) !== 'ENOTSUP') throw error;
    return numbers(readValue(`${directory}/cgroup.threads`)).flatMap(processOf);
  }
}

function numbers(lines: string): number[] {
  return lines.split('\n').flatMap((line) => (line === '' ? [] : [Number(line)]));
}

/** The process of a thread, unless that has ended. proc_pid_status(5), "Tgid". */
function processOf(thread: number): number[] {
  const status = readOptional(`/proc/${thread}/status`) ?? '';
  return [...status.matchAll(/^Tgid:\s*(\d+)$/gm)].map(([, pid]) => Number(pid));
}
