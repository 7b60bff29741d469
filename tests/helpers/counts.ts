/** Numbers of tests, and how they are read from what each suite writes. */
import { readFileSync } from 'node:fs';
import { noCounts, sumOf, type Counts } from '../../chapters/12-engine/workbook/counts.ts';
import type { Ended } from './run-child.ts';

/** The numbers of a suite; `problems` says in words what is not a test's own failure. */
export interface SuiteCounts extends Counts {
  readonly problems: readonly string[];
}

/** What a suite leaves: a vitest JSON report, a summary of ours, or nothing but its exit code. */
export type ReportKind = 'vitest' | 'summary' | 'exit code';

/** The part of vitest's JSON report that we read. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

export const noTests: SuiteCounts = { ...noCounts, problems: [] };

export function sum(all: readonly SuiteCounts[]): SuiteCounts {
  return { ...sumOf(all), problems: all.flatMap(({ problems }) => problems) };
}

/** One more failed test, with the words for it. */
export function failure(problem: string): SuiteCounts {
  return { ...noTests, failed: 1, problems: [problem] };
}

/**
 * The counts of a suite that has ended. A suite counts as one failed test more when it wrote no
 * report, ran nothing, was stopped by its time limit, or failed without naming a failed test.
 */
export function countSuite(
  name: string,
  kind: ReportKind,
  file: string,
  ended: Ended,
): SuiteCounts {
  const how = ended.signal ?? `exit code ${ended.code ?? '?'}`;
  if (kind === 'exit code') {
    return ended.code === 0 ? { ...noTests, passed: 1 } : failure(`${name}: ended with ${how}`);
  }
  const counts = readReport(kind, file);
  if (counts === undefined) return failure(`${name}: wrote no report, and ended with ${how}`);
  const extra: SuiteCounts[] = [];
  if (ended.timedOut) extra.push(failure(`${name}: was stopped by its time limit`));
  else if (ended.code !== 0 && counts.failed === 0) {
    extra.push(failure(`${name}: no test failed, but it ended with ${how}`));
  }
  if (extra.length === 0 && counts.passed + counts.failed === 0) {
    extra.push(failure(`${name}: ran no tests`));
  }
  return sum([counts, ...extra]);
}

function readReport(kind: 'vitest' | 'summary', file: string): SuiteCounts | undefined {
  try {
    const report: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return kind === 'vitest' ? countVitest(report as VitestReport) : countSummary(report);
  } catch {
    return undefined;
  }
}

/** A file that failed outside its tests (at import, in a hook) is one failed test more. */
function countVitest(report: VitestReport): SuiteCounts {
  const broken = report.testResults.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    problems: broken.map((file) => `${file.name}: ${file.message.split('\n')[0] ?? ''}`),
  };
}

function countSummary(report: unknown): SuiteCounts {
  const numbers = report as Readonly<Record<string, unknown>>;
  const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map((key) => {
    const value = numbers[key];
    if (typeof value !== 'number') throw new TypeError(`${key} is not a number`);
    return value;
  });
  return { passed: passed ?? 0, failed: failed ?? 0, skipped: skipped ?? 0, problems: [] };
}
