// Runs cases on runtimes, one after another. Each pair of case and runtime has a box of its own,
// which is closed before the next one opens, whatever the case did.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slowness } from '../../suites.ts';
import { Box } from './box.ts';
import type { Case } from './case.ts';
import { Mismatch, Skip } from './case.ts';
import { closeBox, closeSuite } from './clean.ts';
import type { Host } from './host.ts';
import { prepareBusybox } from './rootfs.ts';
import type { Runtime } from './runtime.ts';
import { isNewerThan } from './runtime.ts';

export interface Outcome {
  runtime: string;
  result: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, or what did not hold. */
  reason?: string;
  expected?: string;
  seen?: string;
  /** Commands with their exit codes, for a failure. */
  steps?: string[];
  /** The requirement is newer than the version of the specification the runtime claims. */
  newer?: boolean;
  milliseconds: number;
}

export interface CaseReport {
  section: string;
  title: string;
  since?: string;
  outcomes: Outcome[];
}

const CASE_LIMIT_MS = 60_000 * slowness;

export interface Suite {
  cases: readonly Case[];
  runtimes: readonly Runtime[];
  host: Host;
  /** Path of a static busybox. */
  busybox: string;
  /** Ends the suite after the case that is running. */
  stop: AbortSignal;
}

/** Runs every case on every runtime; `progress` hears of each outcome. */
export async function runCases(
  suite: Suite,
  progress: (report: CaseReport, outcome: Outcome) => void,
): Promise<CaseReport[]> {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  // A container's root may be a plain user of the host (user namespaces): let it pass.
  chmodSync(folder, 0o755);
  const busybox = prepareBusybox(suite.busybox, folder);
  const reports: CaseReport[] = [];
  try {
    for (const [index, subject] of suite.cases.entries()) {
      const { section, title, since } = subject;
      const report: CaseReport = { section, title, ...(since && { since }), outcomes: [] };
      for (const runtime of suite.runtimes) {
        if (suite.stop.aborted) return reports;
        const id = `c${index}-${runtime.name}`;
        const box = { dir: join(folder, id), id, busybox, runtime, host: suite.host };
        const outcome = await runOne(subject, box);
        report.outcomes.push(outcome);
        progress(report, outcome);
      }
      reports.push(report);
    }
  } finally {
    await closeSuite();
    rmSync(folder, { recursive: true, force: true });
  }
  return reports;
}

async function runOne(
  subject: Case,
  options: ConstructorParameters<typeof Box>[0],
): Promise<Outcome> {
  const began = performance.now();
  const verdict = await judgeTwice(subject, options);
  return {
    runtime: options.runtime.name,
    ...verdict,
    ...(verdict.result === 'failed' && isNewerThan(subject.since, options.runtime)
      ? { newer: true }
      : {}),
    milliseconds: Math.round(performance.now() - began),
  };
}

type Verdict = Omit<Outcome, 'runtime' | 'milliseconds'>;

/** The kernel and a loaded machine have a time of their own: only what fails again has failed. */
async function judgeTwice(
  subject: Case,
  options: ConstructorParameters<typeof Box>[0],
): Promise<Verdict> {
  const first = await judge(subject, options);
  if (first.result !== 'failed') return first;
  return judge(subject, { ...options, id: `${options.id}-again`, dir: `${options.dir}-again` });
}

async function judge(
  subject: Case,
  options: ConstructorParameters<typeof Box>[0],
): Promise<Verdict> {
  const reason = subject.needs?.(options.host);
  if (reason !== undefined) return { result: 'skipped', reason };
  const box = new Box(options);
  try {
    await withLimit(observe(subject, box));
    return { result: 'passed' };
  } catch (error) {
    return explain(error, box);
  } finally {
    await closeBox(box);
  }
}

async function observe(subject: Case, box: Box): Promise<void> {
  const { config } = subject;
  if (config !== undefined) box.patch(typeof config === 'function' ? config(box) : config);
  if ('steps' in subject) await subject.steps(box);
  else if ('refused' in subject) await box.refuses();
  else await box.prints(subject.script, subject.prints);
}

function explain(error: unknown, box: Box): Verdict {
  if (error instanceof Skip) return { result: 'skipped', reason: error.message };
  const steps = box.notebook;
  if (error instanceof Mismatch) {
    const { message: reason, expected, seen } = error;
    return { result: 'failed', reason, expected, seen, steps };
  }
  return { result: 'failed', reason: String(error), steps };
}

async function withLimit(work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Mismatch('the case ends', `within ${CASE_LIMIT_MS} ms`, 'still waiting'));
  }, CASE_LIMIT_MS);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
