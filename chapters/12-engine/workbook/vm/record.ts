/**
 * `vagrant/RECORD.md`: when each suite last ran whole in the machine, on each kernel, and what came of
 * it. All of them take hours under emulation, so a run replaces its own rows and keeps the others.
 * `vm test --record` writes it, and a person commits it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inWords } from '../counts.ts';
import { paths } from './paths.ts';
import type { Round } from './test.ts';

/** Puts what has run in the place of what had. Returns the file. */
export function writeRecord(rounds: readonly Round[], when: Date): string {
  const file = path.join(paths.vagrant, 'RECORD.md');
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  writeFileSync(file, updateRecord(before, rounds, when));
  return file;
}

/** The new text from the old one; that may be empty. Pure. */
export function updateRecord(before: string, rounds: readonly Round[], when: Date): string {
  const day = when.toISOString().slice(0, 10);
  const rows = new Map([...before.matchAll(ROW)].map(([row]) => [keyOf(row), row] as const));
  const tables = new Map(
    [...before.matchAll(TABLE)].map(([table, kernel = '']) => [kernel, table] as const),
  );
  for (const { kernel, accelerator, report, benchmark } of rounds) {
    for (const [suite, counts] of Object.entries(report.suites)) {
      const row = `| ${kernel} | ${suite} | ${inWords(counts)} | ${accelerator} | ${day} |\n`;
      rows.set(keyOf(row), row);
    }
    if (benchmark !== undefined) {
      const text = `\`\`\`text\n${benchmark.trim()}\n\`\`\`\n`;
      tables.set(kernel, `\n## Benchmark on Linux ${kernel}, ${day}\n\n${text}`);
    }
  }
  return HEAD + sorted(rows).join('') + sorted(tables).join('');
}

const HEAD = `# What last ran in the machine

Each suite on each kernel, the last time that it ran there whole. This file is written by \`./workbook vm test --record\`.

| kernel | suite | tests | processor | on |
| --- | --- | --- | --- | --- |
`;
const ROW = /^\| \d.* \|\n/gm;
const TABLE = /\n## Benchmark on Linux (\S+), [\d-]+\n\n```text\n[^]*?\n```\n/g;

/** The kernel and the suite. */
function keyOf(row: string): string {
  return row.split(' | ', 2).join(' | ');
}

function sorted(entries: ReadonlyMap<string, string>): string[] {
  return [...entries.entries()]
    .toSorted(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }))
    .map(([, text]) => text);
}
