/** What `./workbook test --json FILE` writes: the numbers of all suites together. */
import type { Counts } from '../counts.ts';
import { VmError } from './errors.ts';

/** Errors: VM_REPORT for anything but three whole numbers: a broken report is no pass. */
export function parseReport(text: string): Counts {
  try {
    const { passed, failed, skipped } = JSON.parse(text) as Record<string, unknown>;
    if (isCount(passed) && isCount(failed) && isCount(skipped)) return { passed, failed, skipped };
  } catch {
    // Not even JSON: the same error.
  }
  throw new VmError('VM_REPORT', `the machine's report cannot be read: ${text.slice(0, 200)}`);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
