import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countSuite, type ReportKind } from './counts.ts';
import type { Ended } from './run-child.ts';

const well: Ended = { code: 0, signal: null, timedOut: false, output: '', seconds: 1 };
const badly: Ended = { ...well, code: 1 };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'workbook-counts-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The counts of a suite that wrote `report` (nothing when undefined) and ended so. */
function count(kind: ReportKind, report: unknown, ended: Ended): [number, number, number, string] {
  const file = path.join(folder, 'report.json');
  rmSync(file, { force: true });
  if (report !== undefined) writeFileSync(file, JSON.stringify(report));
  const { passed, failed, skipped, problems } = countSuite('kernel', kind, file, ended);
  return [passed, failed, skipped, problems.join('; ')];
}

function vitestReport(passed: number, failed: number, files: readonly object[] = []): object {
  return {
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults: files,
  };
}

describe('a suite that ended well', () => {
  it('counts what vitest reported, with pending and todo as skipped', () => {
    expect(count('vitest', vitestReport(7, 0), well)).toEqual([7, 0, 3, '']);
  });

  it('counts what a summary of ours says', () => {
    expect(count('summary', { passed: 5, failed: 0, skipped: 1 }, well)).toEqual([5, 0, 1, '']);
  });

  it('is one test when all it has is an exit code', () => {
    expect(count('exit code', undefined, well)).toEqual([1, 0, 0, '']);
  });
});

describe('counts as one failed test more', () => {
  it('when it wrote no report', () => {
    expect(count('vitest', undefined, badly)).toEqual([
      0,
      1,
      0,
      'kernel: wrote no report, and ended with exit code 1',
    ]);
  });

  it('when a number is missing from its summary', () => {
    expect(count('summary', { passed: 5 }, well)[1]).toBe(1);
  });

  it('when it ran nothing', () => {
    expect(count('vitest', vitestReport(0, 0), well)).toEqual([0, 1, 3, 'kernel: ran no tests']);
  });

  it('when it crashed after its tests had passed', () => {
    expect(count('vitest', vitestReport(7, 0), { ...well, code: null, signal: 'SIGSEGV' })).toEqual(
      [7, 1, 3, 'kernel: no test failed, but it ended with SIGSEGV'],
    );
  });

  it('when its time limit stopped it', () => {
    const stopped: Ended = { ...well, code: null, signal: 'SIGTERM', timedOut: true };
    expect(count('vitest', vitestReport(7, 1), stopped).slice(0, 2)).toEqual([7, 2]);
  });

  it('for each file that failed outside its tests', () => {
    const file = {
      name: 'a.test.ts',
      status: 'failed',
      message: 'no such module\nat x',
      assertionResults: [],
    };
    expect(count('vitest', vitestReport(7, 0, [file]), badly)).toEqual([
      7,
      1,
      3,
      'a.test.ts: no such module',
    ]);
  });

  it('when all it has is a wrong exit code', () => {
    expect(count('exit code', undefined, badly)[1]).toBe(1);
  });
});

it('a failed test is counted once, though the suite ended with exit code 1 because of it', () => {
  const file = {
    name: 'a',
    status: 'failed',
    message: '',
    assertionResults: [{ status: 'failed' }],
  };
  expect(count('vitest', vitestReport(7, 1, [file]), badly)).toEqual([7, 1, 3, '']);
});
