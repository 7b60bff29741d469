/**
 * `./workbook doctor`: what Coracle finds on this machine, what it would do without, and what
 * crashed runs have left.
 *
 * Changes nothing without `--repair`; with it, removes the leftovers that are surely Coracle's and
 * in which nobody lives, and says each. Exit code 0 when Coracle can work here, 1 when something that
 * it needs is missing, 2 for a wrong command line.
 */
import { parseArgs, styleText } from 'node:util';
import { messageOf } from 'coracle/base';
import { repair } from './leftovers/repair.ts';
import { render, type Paint } from './render.ts';
import { examine, type Report } from './report.ts';
import { judge } from './verdict.ts';

const usage = 'Usage: ./workbook doctor [--repair] [--json]';

/** Runs the command and returns its exit code. */
export function doctor(args: readonly string[]): number {
  let flags: { readonly json?: boolean; readonly repair?: boolean };
  try {
    const boolean = { type: 'boolean' } as const;
    flags = parseArgs({ args: [...args], options: { json: boolean, repair: boolean } }).values;
  } catch (error) {
    process.stderr.write(`doctor: ${messageOf(error)}. ${usage}\n`);
    return 2;
  }
  const report = flags.repair === true ? examineAndRepair() : examine();
  const verdict = judge(report);
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ ...verdict, ...report }, undefined, 2)}\n`
      : render(report, verdict, { width: Math.min(process.stdout.columns ?? 100, 110), paint }),
  );
  return verdict.ok ? 0 : 1;
}

/** What is done goes to stderr, so that `--json` stays JSON. */
function examineAndRepair(): Report {
  const report = examine();
  const leftovers = repair(report.leftovers, (line) => process.stderr.write(`doctor: ${line}\n`));
  if (report.leftovers.length === 0) process.stderr.write('doctor: nothing to remove\n');
  return { ...report, leftovers };
}

/** In colour on a terminal that wants it (NO_COLOR); plain in a pipe. */
const paint: Paint = (style, text) => styleText(style, text, { stream: process.stdout });
