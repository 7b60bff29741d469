/**
 * `./workbook doctor`: what Coracle finds on this machine, what it would do without, and what
 * crashed runs have left.
 *
 * Changes nothing without `--repair`; with it, removes the leftovers that are surely Coracle's and
 * in which nobody lives, and says each. Exit code 0 when Coracle can work here, 1 when something that
 * it needs is missing, 2 for a wrong command line.
 */
import { parseArgs, styleText } from 'node:util';
import type { Paint } from './render.ts';
import type { Report } from './report.ts';

const usage = 'Usage: ./workbook doctor [--repair] [--json]';

/** Runs the command and returns its exit code. */
export async function doctor(args: readonly string[]): Promise<number> {
  const flags = readFlags(args);
  if (flags === undefined) return 2;
  // The layers are loaded here, so that no other command of the workbook waits for them.
  const { examine } = await import('./report.ts');
  const { judge } = await import('./verdict.ts');
  const report = flags.repair ? await repairAll(examine()) : examine();
  const verdict = judge(report);
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ ...verdict, ...report }, undefined, 2)}\n`);
  } else {
    const { render } = await import('./render.ts');
    process.stdout.write(render(report, verdict, { width: terminalWidth(), paint }));
  }
  return verdict.ok ? 0 : 1;
}

function readFlags(args: readonly string[]): { json: boolean; repair: boolean } | undefined {
  try {
    const boolean = { type: 'boolean', default: false } as const;
    return parseArgs({ args: [...args], options: { json: boolean, repair: boolean } }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`doctor: ${message}. ${usage}\n`);
    return undefined;
  }
}

/** What is done goes to stderr, so that `--json` stays JSON. */
async function repairAll(report: Report): Promise<Report> {
  const { repair } = await import('./leftovers/repair.ts');
  const say = (line: string): void => void process.stderr.write(`doctor: ${line}\n`);
  if (report.leftovers.length === 0) say('nothing to remove');
  return { ...report, leftovers: repair(report.leftovers, say) };
}

/** In a pipe there are no columns, whatever the type says. */
function terminalWidth(): number {
  const { columns = 100 } = process.stdout as { readonly columns?: number };
  return Math.min(columns, 110);
}

/** In colour on a terminal that wants it (NO_COLOR); plain in a pipe. */
const paint: Paint = (style, text) => styleText(style, text, { stream: process.stdout });
