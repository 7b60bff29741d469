/**
 * `pnpm check`: what can be said about the code without running the engine. Two steps at a time,
 * one line for each, and the whole output of those that fail. `--json FILE` writes the counts.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { runChild } from './helpers/run-child.ts';

const root = path.resolve(import.meta.dirname, '..');
const bin = (name: string): string => path.join(root, 'node_modules/.bin', name);

/** The slow ones first, so that the two lanes end together. */
const steps: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: 'types', command: [bin('tsc'), '--project', '.'] },
  { name: 'lint', command: [bin('oxlint')] },
  {
    name: 'boundaries',
    command: [bin('vitest'), 'run', '--project', 'unit', 'tests/architecture'],
  },
  { name: 'dead code', command: [bin('knip'), '--no-progress'] },
  { name: 'format', command: [bin('oxfmt'), '--check', '.'] },
];

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const waiting = [...steps];
const results: boolean[] = [];
await Promise.all([lane(), lane()]);

const passed = results.filter(Boolean).length;
const failed = results.length - passed;
if (values.json !== undefined) {
  writeFileSync(values.json, JSON.stringify({ passed, failed, skipped: 0 }));
}
process.exitCode = failed === 0 ? 0 : 1;

async function lane(): Promise<void> {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    results.push(await run(step.name, step.command));
  }
}

async function run(name: string, command: readonly string[]): Promise<boolean> {
  const ended = await runChild(command, { limitMs: 240_000, capture: true, cwd: root });
  const ok = ended.code === 0 && !ended.timedOut;
  const mark = ok ? styleText('green', 'ok  ') : styleText('red', 'FAIL');
  process.stdout.write(`${mark}  ${name.padEnd(12)}${ended.seconds.toFixed(1)} s\n`);
  if (!ok) process.stdout.write(`${ended.output.trimEnd()}\n`);
  return ok;
}
