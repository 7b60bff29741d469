/**
 * `vm test`: the tests in machines of their own, which are thrown away.
 *
 *     image → boot → unpack the repository → ./workbook test → report → end
 *
 * Several machines share the test files of each suite. Nothing of the host changes but `.vm/`,
 * where the consoles' output and the reports are kept.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { chooseAccelerator, type Accelerator } from './accelerator.ts';
import { Guest, type GuestOptions } from './guest.ts';
import { chooseKernel, ensureImage, type Image, type Kernel } from './image.ts';
import type { VmOptions } from './options.ts';
import { paths } from './paths.ts';
import { sumOfReports, type Report } from './report.ts';
import { packSource } from './source.ts';
import { quote } from './ssh.ts';
import { usual } from './usual.ts';

/** No suite of the test command: it passes or fails nothing. */
const BENCHMARK = 'benchmark';
const allSuites = `unit,kernel,systemd,interop,conformance,${BENCHMARK}`;

/** What one kernel did. */
export interface Round {
  readonly kernel: string;
  readonly accelerator: Accelerator;
  readonly report: Report;
  readonly minutes: number;
  /** The table of the benchmark, if that was asked for and could be made. */
  readonly benchmark: string | undefined;
}

/** Returns how each kernel did. Errors: those of the image and the boot; VM_TEST when tests hang. */
export async function testInMachines(options: VmOptions, signal: AbortSignal): Promise<Round[]> {
  const image = await ensureImage();
  const { accelerator, why } = chooseAccelerator();
  const chosen = options.accelerator ?? accelerator;
  if (chosen === 'tcg') process.stderr.write(`vm: the processor is emulated: ${why}\n`);
  const rounds: Round[] = [];
  for (const kernel of kernelsFor(image, options)) {
    rounds.push(await testOn(image, kernel, chosen, options, signal));
  }
  return rounds;
}

/** The suites of the test command that these options ask for. */
export function suitesOf(options: VmOptions): string[] {
  return wanted(options).filter((suite) => suite !== BENCHMARK);
}

/** Whether these options ask for the benchmark. */
export function asksBenchmark(options: VmOptions): boolean {
  return wanted(options).includes(BENCHMARK);
}

function wanted({ only, all }: VmOptions): string[] {
  return (only ?? (all ? allSuites : usual.suites)).split(',');
}

function kernelsFor(image: Image, { all, kernel }: VmOptions): readonly Kernel[] {
  return all && kernel === undefined ? image.kernels : [chooseKernel(image, kernel)];
}

async function testOn(
  image: Image,
  kernel: Kernel,
  accelerator: Accelerator,
  options: VmOptions,
  signal: AbortSignal,
): Promise<Round> {
  mkdirSync(paths.reports, { recursive: true });
  const started = performance.now();
  process.stderr.write(`vm: Linux ${kernel.release}\n`);
  using stack = new DisposableStack();
  const folder = mkdtempSync(path.join(paths.home, 'test-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const source = path.join(folder, 'source.tar');
  await packSource(source);
  const common = { image, kernel, accelerator, source };
  const guests: Guest[] = [];
  for (const each of guestsOf(options.machines, kernel.release, folder)) {
    mkdirSync(each.folder);
    guests.push(stack.use(await Guest.start({ ...common, ...each })));
  }
  const report = await testIn(guests, options, signal);
  const [first] = guests;
  const benchmark = asksBenchmark(options) ? await first?.measure(signal) : undefined;
  const minutes = Math.round((performance.now() - started) / 6000) / 10;
  return { kernel: kernel.release, accelerator, report, minutes, benchmark };
}

/** What the guests of one kernel are called. */
function guestsOf(
  machines: number,
  release: string,
  folder: string,
): Pick<GuestOptions, 'folder' | 'name' | 'label'>[] {
  return Array.from({ length: machines }, (_, index) => ({
    folder: path.join(folder, `${index + 1}`),
    name: machines === 1 ? release : `${release}-${index + 1}`,
    label: machines === 1 ? '' : `${index + 1}| `,
  }));
}

/** All at once; when one fails, the others are not waited for. */
async function testIn(
  guests: readonly Guest[],
  options: VmOptions,
  signal: AbortSignal,
): Promise<Report> {
  const failed = new AbortController();
  const either = AbortSignal.any([failed.signal, signal]);
  const tests = guests.map(async (guest, index) => {
    try {
      await guest.ready(either);
      const args = testArguments(options, index + 1);
      if (args === undefined) return sumOfReports([]);
      return await guest.test(args, options.minutes ?? (options.all ? 240 : 45), either);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  });
  const ended = await Promise.allSettled(tests);
  either.throwIfAborted();
  return sumOfReports(ended.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
}

/** What `./workbook test` gets in the machine of this index, from 1 on; undefined: nothing to run. */
function testArguments(options: VmOptions, index: number): string | undefined {
  const { only, all, machines } = options;
  const suites = suitesOf(options);
  if (suites.length === 0) return undefined;
  const files = only !== undefined || all ? [] : ['--files', usual.files.join(',')];
  const shard = machines === 1 ? [] : ['--shard', `${index}/${machines}`];
  return ['--only', suites.join(','), ...files, ...shard].map(quote).join(' ');
}
