import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleExcerpt, printable } from '../../workbook/vm/console.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'workbook-console-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a machine's console", () => {
  it('is read without colours, cursor movements and empty lines', () => {
    const text =
      '\u001bc\u001b[?7l\u001b[2J[\u001b[0;32m  OK  \u001b[0m] Started \u001b[0;1;39mssh\r\n\r\nlogin: ';
    expect(printable(text)).toEqual(['[  OK  ] Started ssh', 'login:']);
  });

  it('ends an error with its last lines', () => {
    const file = path.join(folder, 'console.log');
    writeFileSync(file, 'one\ntwo\nKernel panic - not syncing\n');
    expect(consoleExcerpt(file, 2)).toBe(
      `the console's last lines (${file}):\n  | two\n  | Kernel panic - not syncing`,
    );
  });

  it('says so when it never printed anything', () => {
    const file = path.join(folder, 'absent.log');
    expect(consoleExcerpt(file)).toBe(
      `the console (${file}) is empty: the machine never began to boot`,
    );
  });
});
