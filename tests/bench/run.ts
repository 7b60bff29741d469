// How fast is it: one container of /bin/true in a warm process and as a command, beside crun and runc.
//
//   node tests/bench/run.ts [--runs N] [--json | --table]
//
// All runtimes run the same bundle in the same minutes, in turns. The exit code says only whether
// it could be measured (0), was interrupted (130) or not (2): a benchmark is no test of a machine.

import { existsSync } from 'node:fs';
import { cpus, release } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBundles } from '../../chapters/12-engine/workbook/bundles.ts';
import { inspectHost, which } from '../conformance/harness/host.ts';
import { contestants, deleters, type ContestantOptions } from './contestants.ts';
import { slowness } from '../suites.ts';
import { measure } from './measure.ts';
import { profile } from './profile.ts';
import { goalsOf, render, WARM, type Report } from './report.ts';
import { summarize, type Summary } from './statistics.ts';
import { PHASES, total, WarmRuntime, type Phase } from './warm.ts';
import { closeWorkspace, openWorkspace } from './workspace.ts';

const REPOSITORY = path.join(import.meta.dirname, '../..');
const ENGINE = path.join(REPOSITORY, 'chapters/12-engine');
const WARM_UP_ROUNDS = 3;
/** V8 compiles what was called some hundred times. */
const WARM_UP_CONTAINERS = 100;
const PROFILED_CONTAINERS = 100;
const COSTS_SHOWN = 15;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '30' },
    json: { type: 'boolean', default: !process.stdout.isTTY },
    table: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.runs);

if (!Number.isInteger(rounds) || rounds < 1) stop(`--runs ${values.runs} is not a positive number`);
if (process.getuid?.() !== 0) stop('it makes containers: run it as root');
await ensureBundles();
const busybox = which('busybox') ?? stop('it needs busybox; install busybox-static');
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interruption.abort(signal));
}

const workspace = openWorkspace(busybox);
const options = { workspace, ...machine() };
try {
  const report = await benchmark();
  console.log(values.json && !values.table ? JSON.stringify(report, null, 2) : render(report));
} catch (error) {
  if (!interruption.signal.aborted) throw error;
  console.error('bench: interrupted; what was made is removed');
  process.exitCode = 130;
} finally {
  await closeWorkspace(workspace, deleters(options));
}

async function benchmark(): Promise<Report> {
  using stack = new DisposableStack();
  const warm = new WarmRuntime(workspace);
  const phases = new Map<Phase, number[]>(PHASES.map((phase) => [phase, []]));
  const inProcess = {
    name: WARM,
    run: () => {
      const times = warm.run();
      for (const phase of PHASES) phases.get(phase)?.push(times[phase]);
      return Promise.resolve(total(times));
    },
  };
  for (let count = 0; count < WARM_UP_CONTAINERS; count += 1) await inProcess.run();
  const all = [inProcess, ...contestants({ ...options, stack })];
  const { signal } = interruption;
  const times = await measure({ contestants: all, warmUp: WARM_UP_ROUNDS, rounds, signal });
  // Each sample is a signal, and bpf(2) gives up a program that it cannot check between two of them
  // (EAGAIN); an emulated processor is too slow for that, and its times say nothing anyway.
  const costs =
    slowness === 1 ? await profile(PROFILED_CONTAINERS, () => void warm.run()) : undefined;
  const runs = summaries(times);
  return {
    machine: `Node ${process.version}, Linux ${release()}, ${cpus()
      .map(({ model }) => model)
      .join(', ')}`,
    goals: goalsOf(runs),
    runs,
    // The last ones: those before were for warming up.
    phases: summaries(new Map([...phases].map(([phase, list]) => [phase, list.slice(-rounds)]))),
    ...(costs && { costs: costs.slice(0, COSTS_SHOWN) }),
  };
}

function summaries(times: ReadonlyMap<string, readonly number[]>): Record<string, Summary> {
  return Object.fromEntries([...times].map(([name, list]) => [name, summarize(list)]));
}

/** What is installed here. */
function machine(): Omit<ContestantOptions, 'workspace' | 'stack'> {
  const [crun, runc] = [which('crun'), which('runc')];
  const shipped = path.join(REPOSITORY, `node_modules/node-linux-${process.arch}/bin/node`);
  return {
    runtimes: {
      coracle: path.join(ENGINE, 'bin/coracle-runtime'),
      ...(crun !== undefined && { crun }),
      ...(runc !== undefined && { runc }),
    },
    node: existsSync(shipped) ? shipped : process.execPath,
    hybrid: inspectHost().cgroups === 'hybrid',
  };
}

function stop(why: string): never {
  console.error(`bench: ${why}`);
  process.exit(2);
}
