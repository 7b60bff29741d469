/** The suites of the test command, in the order in which they run. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { find, type suiteNeeds } from '../chapters/12-engine/workbook/packages.ts';
import type { ReportKind } from './helpers/counts.ts';
import type { Shard } from './helpers/shard.ts';

/** What of a suite is to run. */
export interface Part {
  /** The beginnings of test files' paths; all of the suite's when there are none. */
  readonly files: readonly string[];
  /** Undefined: the suite is not divided. */
  readonly shard: Shard | undefined;
}

export interface Suite {
  readonly name: keyof typeof suiteNeeds;
  readonly report: ReportKind;
  /** After so many it is stopped, on a machine at full speed. */
  readonly minutes: number;
  /** Runs containers: needs root and the built entry points. */
  readonly containers: boolean;
  /** Why it cannot run on this machine, if so. */
  readonly obstacle?: () => string | undefined;
  /** Several machines can share it; what cannot be divided runs in the first one. */
  readonly divisible: boolean;
  readonly command: (reportFile: string, part: Part) => readonly string[];
}

/** How many times slower than a real processor this machine is: an emulated one is told so. */
export const slowness = Number(process.env['CORACLE_SLOW'] ?? '1');

/** The obstacle of what does not run in the provided machine. */
function inMachine(): string | undefined {
  return existsSync('/opt/coracle') ? 'this is the machine' : undefined;
}

const root = path.resolve(import.meta.dirname, '..');
const bin = (name: string): string => path.join(root, 'node_modules/.bin', name);
const shardOption = ({ shard }: Part): string[] =>
  shard === undefined ? [] : [`--shard=${shard.index}/${shard.count}`];
const vitest = (project: string) => (file: string, part: Part) => [
  bin('vitest'),
  'run',
  '--project',
  project,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${file}`,
  ...shardOption(part),
  ...part.files,
];

export const suites: readonly Suite[] = [
  {
    name: 'check',
    report: 'summary',
    minutes: 5,
    containers: false,
    divisible: false,
    command: (file) => [process.execPath, 'tests/check.ts', '--json', file],
  },
  {
    name: 'docs',
    report: 'exit code',
    minutes: 3,
    containers: false,
    divisible: false,
    command: () => [bin('typedoc'), '--logLevel', 'Warn'],
  },
  {
    name: 'unit',
    report: 'vitest',
    minutes: 15,
    containers: false,
    divisible: true,
    command: vitest('unit'),
  },
  {
    name: 'kernel',
    report: 'vitest',
    minutes: 20,
    containers: true,
    divisible: true,
    command: vitest('kernel'),
  },
  {
    name: 'systemd',
    report: 'vitest',
    minutes: 10,
    containers: true,
    divisible: true,
    obstacle: () => (existsSync('/run/systemd/system') ? undefined : 'systemd does not run here'),
    command: vitest('systemd'),
  },
  {
    name: 'interop',
    report: 'vitest',
    minutes: 15,
    containers: true,
    divisible: true,
    command: vitest('interop'),
  },
  {
    name: 'conformance',
    report: 'summary',
    minutes: 15,
    containers: true,
    divisible: true,
    command: (file, part) => [
      process.execPath,
      'tests/conformance/run.ts',
      ...shardOption(part),
      '--json',
      file,
    ],
  },
  {
    name: 'book',
    report: 'vitest',
    minutes: 12,
    containers: false,
    divisible: false,
    // What a browser shows does not depend on the kernel: the machine does without one.
    obstacle: () =>
      inMachine() ??
      (find('chromium') !== undefined || process.getuid?.() === 0
        ? undefined
        : 'chromium is missing, and only root installs it'),
    command: vitest('book'),
  },
  {
    name: 'vm',
    report: 'summary',
    minutes: 45,
    containers: true,
    divisible: false,
    // The machine is not there a second time inside itself.
    obstacle: inMachine,
    command: (file) => [
      path.join(root, 'workbook'),
      'vm',
      'test',
      '--with',
      'qemu',
      '--json',
      file,
    ],
  },
];
