/** What the grader, outside, sees of a check's process: its mounts and its files. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Attempt } from '../../../tests/grader/attempt.ts';
import { Witness } from '../../../tests/grader/kernel.ts';
import type { Outcome } from '../../../tests/grader/learner/settle.ts';
import { SOURCE } from './mounts.ts';

/** The process that came to the end of its operations; `goes-through` is a key of `says`. */
export async function settled(attempt: Attempt, outcome: unknown): Promise<Witness> {
  const { pid, failed } = outcome as Outcome;
  attempt.holds(failed === undefined, 'goes-through', failed ?? '');
  return Witness.of(attempt, pid);
}

/** A mount of a check, as a process sees it. */
export interface SeenMount {
  readonly at: string;
  readonly options: string;
}

/** The mounts of the check (and no others) in the mount namespace of the process, in order. */
export function mountsOf(attempt: Attempt, pid: number, shown: string = 'PID'): SeenMount[] {
  const lines = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').trim().split('\n');
  const mounts = lines.flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , , at = '', options = ''] = before.split(' ');
    return after.split(' ')[1] === SOURCE ? [{ at, options }] : [];
  });
  const text = mounts.map(({ at, options }) => `${at} ${options}`).join('; ');
  attempt.evidence.push(`/proc/${shown}/mountinfo  ${text || '—'}`);
  return mounts;
}

/** The places of the same. */
export function mountPointsOf(attempt: Attempt, pid: number, shown?: string): string[] {
  return mountsOf(attempt, pid, shown).map(({ at }) => at);
}

/** The names in a directory, as the process would find them. */
export function namesIn(attempt: Attempt, pid: number, directory: string): string[] {
  const names = readdirSync(`/proc/${pid}/root${directory}`).toSorted();
  attempt.evidence.push(`/proc/PID/root${directory}  ${names.join(' ') || '—'}`);
  return names;
}

/** The text of a file, as the process would read it. */
export function textOf(attempt: Attempt, pid: number, file: string): string {
  const text = readFileSync(`/proc/${pid}/root${file}`, 'utf8');
  attempt.evidence.push(`/proc/PID/root${file}  ${JSON.stringify(text)}`);
  return text;
}
