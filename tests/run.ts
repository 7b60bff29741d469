/**
 * The test command: runs the suites one after another, adds up their counts, and looks after
 * each one for what it left on the machine.
 *
 * The last line is always `N passed, N failed, N skipped`, over all suites; the exit code is 1
 * when anything failed, 2 for a wrong command line. `--only unit,kernel` selects suites, and
 * `--json FILE` writes the numbers there too. `--files a,b` runs only the test files whose paths begin so,
 * `--shard 1/2` only the first half of each suite that can be divided.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { ensureBundles } from '../chapters/12-engine/workbook/bundles.ts';
import { inWords } from '../chapters/12-engine/workbook/counts.ts';
import { ensurePackages, suiteNeeds } from '../chapters/12-engine/workbook/packages.ts';
import { countSuite, failure, noTests, sum, type SuiteCounts } from './helpers/counts.ts';
import { leaksSince, takeSnapshot } from './helpers/leaks.ts';
import { runChild } from './helpers/run-child.ts';
import { parseShard } from './helpers/shard.ts';
import { slowness, suites, type Part, type Suite } from './suites.ts';

const root = path.resolve(import.meta.dirname, '..');
const isRoot = process.getuid?.() === 0;

const flags = {
  only: { type: 'string' },
  json: { type: 'string' },
  files: { type: 'string' },
  shard: { type: 'string' },
} as const;

process.exitCode = await main();

async function main(): Promise<number> {
  const selection = select();
  if (selection === undefined) return 2;
  const reports = mkdtempSync(path.join(tmpdir(), 'workbook-test-'));
  const results = new Map<string, SuiteCounts>();
  const stop = new AbortController();
  // runChild passes the signal on to the suite that is running; the rest is not begun.
  process.on('SIGTERM', () => stop.abort());
  try {
    for (const suite of selection.selected) {
      if (stop.signal.aborted) {
        results.set(suite.name, failure(`${suite.name}: not run, SIGTERM came before it`));
        continue;
      }
      process.stdout.write(`\n${styleText('bold', `== ${suite.name}`)}\n`);
      const report = path.join(reports, `${suite.name}.json`);
      results.set(suite.name, await runSuite(suite, report, selection));
    }
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
  return summarize(results, selection.json);
}

interface Selection extends Part {
  readonly selected: readonly Suite[];
  readonly json: string | undefined;
}

function select(): Selection | undefined {
  try {
    const { values } = parseArgs({ options: flags });
    const shard = values.shard === undefined ? undefined : parseShard(values.shard);
    const names = values.only?.split(',') ?? suites.map(({ name }) => name);
    const unknown = names.find((name) => !suites.some((suite) => suite.name === name));
    if (unknown !== undefined) throw new Error(`there is no suite '${unknown}'`);
    const isFirst = shard === undefined || shard.index === 1;
    const selected = suites.filter(
      ({ name, divisible }) => names.includes(name) && (divisible || isFirst),
    );
    return { selected, json: values.json, files: values.files?.split(',') ?? [], shard };
  } catch (error) {
    const all = suites.map((suite) => suite.name).join(',');
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `test: ${message}. Usage: ./workbook test [--only ${all}] [--files PATH,...] [--shard K/N] [--json FILE]\n`,
    );
    return undefined;
  }
}

async function runSuite(suite: Suite, reportFile: string, part: Part): Promise<SuiteCounts> {
  const obstacle =
    suite.obstacle?.() ?? (suite.containers && !isRoot ? 'it needs root' : undefined);
  if (obstacle !== undefined) {
    const reason = `${suite.name}: skipped, ${obstacle}`;
    process.stdout.write(`${reason}\n`);
    return { ...noTests, skipped: 1, problems: [reason] };
  }
  try {
    const missing = await missingPackages(suite);
    if (suite.containers || suite.name === 'unit') await ensureBundles();
    const before = takeSnapshot();
    const limitMs = suite.minutes * 60_000 * slowness;
    const ended = await runChild(suite.command(reportFile, part), { limitMs, cwd: root });
    const counts = countSuite(suite.name, suite.report, reportFile, ended);
    const leaks = (await leaksSince(before)).map((leak) => `${suite.name}: leaked ${leak}`);
    const left = leaks.length === 0 ? { passed: 1 } : { failed: 1, problems: leaks };
    return sum([missing, counts, { ...noTests, ...left }]);
  } catch (error) {
    return failure(`${suite.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What is missing is said, and the suite runs all the same: its own tests show what it means. */
async function missingPackages(suite: Suite): Promise<SuiteCounts> {
  try {
    await ensurePackages(suiteNeeds[suite.name]);
    return noTests;
  } catch (error) {
    const problem = `${suite.name}: ${error instanceof Error ? error.message : String(error)}`;
    process.stdout.write(`${problem}\n`);
    return { ...noTests, problems: [problem] };
  }
}

function summarize(results: ReadonlyMap<string, SuiteCounts>, json: string | undefined): number {
  const total = sum([...results.values()]);
  process.stdout.write('\n');
  for (const [name, counts] of results) {
    process.stdout.write(`${name.padEnd(14)}${inWords(counts)}\n`);
  }
  for (const problem of total.problems) process.stdout.write(`! ${problem}\n`);
  process.stdout.write(`${inWords(total)}\n`);
  if (json !== undefined) {
    const report = { ...total, suites: Object.fromEntries(results) };
    writeFileSync(json, JSON.stringify(report));
  }
  return total.failed === 0 ? 0 : 1;
}
