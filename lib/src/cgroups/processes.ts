/** Who is in a cgroup, and in those below it. */
import { readdirSync } from 'node:fs';
import { errnoOf } from './errors.ts';
import { readValue } from './files.ts';

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
    for (const line of readMembers(directory).split('\n')) if (line !== '') found.add(Number(line));
    entries = readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (['ENOENT', 'ENODEV'].includes(errnoOf(error) ?? '')) return;
    throw error;
  }
  for (const entry of entries) {
    if (entry.isDirectory()) collect(`${directory}/${entry.name}`, found);
  }
}

/** A threaded version 2 cgroup has no list of processes, only of threads. */
function readMembers(directory: string): string {
  try {
    return readValue(`${directory}/cgroup.procs`);
  } catch (error) {
    if (errnoOf(error) !== 'ENOTSUP') throw error;
    return readValue(`${directory}/cgroup.threads`);
  }
}
