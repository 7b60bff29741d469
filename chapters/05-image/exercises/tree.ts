/** What a kernel check sees from outside of the files that the learner's process has made. */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { Attempt } from '../../../tests/grader/attempt.ts';
import { Witness } from '../../../tests/grader/kernel.ts';

/** The learner's process is process 1 of its namespace. */
const LEARNER = 1;

/** `['etc/', 'etc/motd: hello', 'bin -> usr/bin']`: what is on the stage, read by the grader. */
export async function treeOf(attempt: Attempt): Promise<string[]> {
  const { pid } = await Witness.of(attempt, LEARNER);
  const root = `/proc/${pid}/root/dev/shm`;
  const lines = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => lineOf(name, path.join(root, name)));
  attempt.evidence.push(`/proc/PID/root/dev/shm  ${lines.join(', ')}`);
  return lines;
}

function lineOf(name: string, file: string): string {
  const stats = lstatSync(file);
  if (stats.isDirectory()) return `${name}/`;
  if (stats.isSymbolicLink()) return `${name} -> ${readlinkSync(file)}`;
  return `${name}: ${readFileSync(file, 'utf8').trimEnd()}`;
}
