/** Which process has made something, in a way that survives it: pids are used again. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A layer is unpacked into it, or what is below a layer is looked at. */
const OWNED_PURPOSES = ['extract', 'settle'] as const;

type OwnedPurpose = (typeof OWNED_PURPOSES)[number];

/** Of this process: its pid and when it started (proc_pid_stat(5), field 22). */
export function ownMark(): string {
  return `${process.pid}.${startTime(process.pid) ?? ''}`;
}

/** Whether the process of this mark still runs. */
export function isAlive(mark: string): boolean {
  const [pid = '', started] = mark.split('.');
  return startTime(Number(pid)) === started;
}

/** The key of a snapshot that this process needs for a while; nobody has had it before. */
export function ownedKey(purpose: OwnedPurpose): string {
  return `${purpose} ${ownMark()} ${randomUUID()}`;
}

/** Whether a snapshot's key is of {@link ownedKey}, by a process that is no more. */
export function isAbandoned(key: string): boolean {
  const [purpose = '', mark = ''] = key.split(' ');
  return (OWNED_PURPOSES as readonly string[]).includes(purpose) && !isAlive(mark);
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
