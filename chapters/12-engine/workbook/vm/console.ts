/** What a machine printed on its serial console: the only witness of a boot that hangs. */
import { existsSync, readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** The last lines, without control sequences and the empty ones. */
export function lastLines(file: string, count: number): string[] {
  if (!existsSync(file)) return [];
  return printable(readFileSync(file, 'utf8')).slice(-count);
}

/** Pure: what a person would read of a terminal's output. */
export function printable(text: string): string[] {
  return stripVTControlCharacters(text)
    .split(/\r?\n|\r/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}

/** An error's end: the console's last lines, marked as such. */
export function consoleExcerpt(file: string, count = 20): string {
  const lines = lastLines(file, count);
  if (lines.length === 0) return `the console (${file}) is empty: the machine never began to boot`;
  return `the console's last lines (${file}):\n${lines.map((line) => `  | ${line}`).join('\n')}`;
}
