/** The machine's processes, as /proc shows them to anybody. */
import { readdirSync, readFileSync } from 'node:fs';

/** One process; the fields are those of proc_pid_stat(5). */
export interface MachineProcess {
  readonly pid: number;
  readonly parent: number;
  /** At most 15 bytes. */
  readonly name: string;
  /** In clock ticks since boot: tells a process from a later one with the same number. */
  readonly start: number;
}

/** All processes, by their number; those that end while we look are left out. */
export function readProcesses(): Map<number, MachineProcess> {
  const found = new Map<number, MachineProcess>();
  for (const entry of readdirSync('/proc')) {
    const info = /^\d+$/.test(entry) ? readProcess(Number(entry)) : undefined;
    if (info !== undefined) found.set(info.pid, info);
  }
  return found;
}

/** One process, if it is there. */
function readProcess(pid: number): MachineProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name is in brackets, and may have brackets and blanks itself.
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    const name = stat.slice(stat.indexOf('(') + 1, end);
    return { pid, parent: Number(fields[1]), name, start: Number(fields[19]) };
  } catch {
    return undefined;
  }
}

/** Its command line with blanks between the arguments; empty for a kernel thread and a zombie. */
export function commandOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return undefined;
  }
}

/** The process itself, its parent, and so on up. */
export function ancestors(pid: number, all: ReadonlyMap<number, MachineProcess>): number[] {
  const parent = all.get(pid)?.parent;
  return parent === undefined ? [pid] : [pid, ...ancestors(parent, all)];
}
