/** Which process has made something, in a way that survives it: pids are used again. */
import { readFileSync } from 'node:fs';

/** Of this process: its pid and when it started (proc_pid_stat(5), field 22). */
export function ownMark(): string {
  return `${process.pid}.${startTime(process.pid) ?? ''}`;
}

/** Whether the process of this mark still runs. */
export function isAlive(mark: string): boolean {
  const [pid = '', started] = mark.split('.');
  return startTime(Number(pid)) === started;
}

/** In clock ticks since the boot; the command's name before it may hold spaces and brackets. */
function startTime(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
