/**
 * `vagrant/RECORD.md`: when all tests last ran in the machine, and what came of it. It is written
 * by `vm test --all`, which is too slow for every submission, and committed by a person.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { inWords } from '../counts.ts';
import { paths } from './paths.ts';

import type { Round } from './test.ts';

/** Replaces the record. */
export function writeRecord(rounds: readonly Round[], suites: string, when: Date): string {
  const file = path.join(paths.vagrant, 'RECORD.md');
  writeFileSync(file, recordText(rounds, suites, when));
  return file;
}

/** Pure. */
export function recordText(rounds: readonly Round[], suites: string, when: Date): string {
  const day = when.toISOString().slice(0, 10);
  const rows = rounds.map(
    ({ kernel, accelerator, minutes, counts }) =>
      `| ${kernel} | ${accelerator} | ${minutes} | ${inWords(counts)} |\n`,
  );
  const tables = rounds.flatMap(({ kernel, benchmark }) =>
    benchmark === undefined
      ? []
      : [`\n## Benchmark, Linux ${kernel}\n\n\`\`\`text\n${benchmark.trim()}\n\`\`\`\n`],
  );
  return (
    '# The last run of everything in the machine\n\n' +
    `\`./workbook vm test --all\` on ${day}; suites: ${suites.replaceAll(',', ', ')}. ` +
    'This file is written by that command.\n\n' +
    '| kernel | processor | minutes | tests |\n| --- | --- | --- | --- |\n' +
    `${rows.join('')}${tables.join('')}`
  );
}
