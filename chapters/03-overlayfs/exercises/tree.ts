/** What a kernel check sees from outside of the files that the learner's process has mounted. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Attempt } from '../../../tests/grader/attempt.ts';
import { Witness } from '../../../tests/grader/kernel.ts';

/** The learner's process is process 1 of its namespace. */
const LEARNER = 1;

/** `['etc/', 'etc/motd: hello', 'etc/issue: c 0:0']`, the last a whiteout: a directory of the learner's process, read by the grader. */
export async function treeOf(attempt: Attempt, directory: string): Promise<string[]> {
  const { pid } = await Witness.of(attempt, LEARNER);
  const root = path.join(`/proc/${pid}/root`, directory);
  const lines = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => lineOf(name, path.join(root, name)));
  attempt.evidence.push(`/proc/PID/root${directory}  ${lines.join(', ')}`);
  return lines;
}

function lineOf(name: string, file: string): string {
  const stats = lstatSync(file);
  if (stats.isDirectory()) return `${name}/`;
  if (stats.isCharacterDevice() && stats.rdev === 0) return `${name}: c 0:0`;
  return stats.isFile() ? `${name}: ${readFileSync(file, 'utf8').trimEnd()}` : name;
}

/** `lowerdir=2:1`: the layers of its overlay, as the kernel shows them in /proc/PID/mountinfo. */
export async function lowerdir(attempt: Attempt, target: string): Promise<string> {
  const { pid } = await Witness.of(attempt, LEARNER);
  const mounts = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').split('\n');
  const line = mounts.findLast((each) => each.includes(` ${target} `)) ?? '';
  const shown = /\blowerdir=[^,]*/.exec(line)?.[0] ?? '—';
  attempt.evidence.push(`/proc/PID/mountinfo  ${target} ${shown}`);
  return shown;
}
