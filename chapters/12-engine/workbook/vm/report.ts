/** What `./workbook test --json FILE` writes: the numbers of all suites, and of each. */
import { sumOf, type Counts } from '../counts.ts';
import { VmError } from './errors.ts';

export interface Report extends Counts {
  readonly suites: Readonly<Record<string, Counts>>;
}

/** Errors: VM_REPORT for anything but whole numbers: a broken report is no pass. */
export function parseReport(text: string): Report {
  try {
    const whole = JSON.parse(text) as { readonly suites: Readonly<Record<string, unknown>> };
    const suites = Object.entries(whole.suites).map(([name, each]) => [name, countsOf(each)]);
    return { ...countsOf(whole), suites: Object.fromEntries(suites) as Report['suites'] };
  } catch (cause) {
    const message = `the machine's report cannot be read: ${text.slice(0, 200)}`;
    throw new VmError('VM_REPORT', message, { cause });
  }
}

/** One report of several: a suite's numbers are those of all its parts. */
export function sumOfReports(reports: readonly Report[]): Report {
  const names = new Set(reports.flatMap(({ suites }) => Object.keys(suites)));
  const suites = [...names].map((name) => {
    const parts = reports.flatMap((report) => report.suites[name] ?? []);
    return [name, sumOf(parts)] as const;
  });
  return { ...sumOf(reports), suites: Object.fromEntries(suites) };
}

function countsOf(value: unknown): Counts {
  const { passed, failed, skipped } = value as Readonly<Record<string, unknown>>;
  if (isCount(passed) && isCount(failed) && isCount(skipped)) return { passed, failed, skipped };
  throw new TypeError('not three whole numbers');
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
