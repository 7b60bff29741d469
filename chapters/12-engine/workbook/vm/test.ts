/**
 * `vm test`: the tests in a machine of their own, which is thrown away.
 *
 *     image → boot → unpack the repository → ./workbook test → report → end
 *
 * Nothing of the host changes but `.vm/`, where the console's output and the reports are kept.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa, type Options } from 'execa';
import { chooseAccelerator, type Accelerator } from './accelerator.ts';
import { freePort, kill, startMachine, waitUntilUp, type Machine } from './boot.ts';
import { consoleExcerpt } from './console.ts';
import { VmError } from './errors.ts';
import { chooseKernel, ensureImage, type Image, type Kernel } from './image.ts';
import { hostArchitecture, size, type VmOptions } from './options.ts';
import { paths } from './paths.ts';
import { parseReport, type Report } from './report.ts';
import { packSource } from './source.ts';
import { publicKey, quote, runInside, sshArguments } from './ssh.ts';
import { usual } from './usual.ts';

/** No suite of the test command: it passes or fails nothing. */
const BENCHMARK = 'benchmark';
const allSuites = `unit,kernel,systemd,interop,conformance,${BENCHMARK}`;

/** One boot's worth of tests. */
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

/** The option for the test files that these options ask for; none is all of them. */
function filesOption({ only, all }: VmOptions): string {
  return only !== undefined || all ? '' : ` --files ${quote(usual.files.join(','))}`;
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
  const folder = mkdtempSync(path.join(paths.home, 'test-'));
  const started = performance.now();
  let machine: Machine | undefined;
  try {
    process.stderr.write(`vm: Linux ${kernel.release}\n`);
    machine = await bootFor(image, kernel, accelerator, folder);
    await waitUntilUp(machine, signal);
    await unpack(machine);
    const report = await test(machine, options, signal, `${kernel.release}.json`);
    const benchmark = asksBenchmark(options) ? await measure(machine, signal) : undefined;
    const minutes = Math.round((performance.now() - started) / 6000) / 10;
    return { kernel: kernel.release, accelerator, report, minutes, benchmark };
  } finally {
    if (machine !== undefined) kill(machine);
    keepConsole(folder, kernel.release);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bootFor(
  image: Image,
  kernel: Kernel,
  accelerator: Accelerator,
  folder: string,
): Promise<Machine> {
  const source = path.join(folder, 'source.tar');
  await packSource(source);
  return startMachine({
    arch: hostArchitecture(),
    accelerator,
    ...size(),
    kernel,
    disk: { file: image.disk, format: 'raw', throwaway: true },
    source,
    sshPort: await freePort(),
    publicKey: await publicKey(),
    console: path.join(folder, 'console.log'),
  });
}

async function unpack(machine: Machine): Promise<void> {
  const command =
    'tar -C /coracle -xf /dev/disk/by-id/virtio-coracle-source && coracle-bind-modules';
  const code = await runInside(machine.sshPort, 'root', command);
  if (code !== 0) {
    throw new VmError('VM_TEST', `the repository could not be unpacked (${code}); see above`);
  }
}

/** A machine that hangs answers nothing any more: the time limit is the host's. */
async function test(
  machine: Machine,
  options: VmOptions,
  signal: AbortSignal,
  name: string,
): Promise<Report> {
  const suites = suitesOf(options);
  if (suites.length === 0) return { passed: 0, failed: 0, skipped: 0, suites: {} };
  const minutes = options.minutes ?? (options.all ? 240 : 45);
  const timer = AbortSignal.timeout(minutes * 60_000);
  const either = AbortSignal.any([timer, signal]);
  const report = '/tmp/coracle-report.json';
  const command = `cd /coracle && CI=true ${environment(machine)} ./workbook test --only ${quote(suites.join(','))}${filesOption(options)} --json ${report}`;
  const code = await runInside(machine.sshPort, 'root', command, { cancelSignal: either });
  signal.throwIfAborted();
  if (timer.aborted) {
    throw new VmError(
      'VM_TEST',
      `the tests did not end in ${minutes} minutes; ${consoleExcerpt(machine.console)}`,
    );
  }
  const file = path.join(paths.reports, name);
  const text = await fetchFile(machine, report);
  if (text === undefined) {
    throw new VmError(
      'VM_TEST',
      `the tests ended with exit code ${code} and left no report; ${consoleExcerpt(machine.console)}`,
    );
  }
  writeFileSync(file, text);
  return parseReport(text);
}

/**
 * Ratios hold where absolute times do not: all contestants are emulated alike. Undefined, with its
 * reason on stderr, if it could not be measured: what the tests have found is not lost by that.
 */
async function measure(machine: Machine, signal: AbortSignal): Promise<string | undefined> {
  const command = `cd /coracle && ${slowness(machine)} node_modules/node-linux-*/bin/node tests/bench/run.ts --runs 10 --table`;
  const limit = { cancelSignal: signal, timeout: 60 * 60_000 };
  const { exitCode, stdout } = await capture(machine, command, limit);
  signal.throwIfAborted();
  if (exitCode === 0) return stdout;
  process.stderr.write(
    `vm: the benchmark did not succeed (${exitCode ?? 'not done in an hour'})\n`,
  );
  return undefined;
}

/**
 * Emulated, Node 26 dies of SIGSEGV in one of fifty starts from TypeScript: V8's collector of
 * WebAssembly code takes the pages of a function that still runs (of swc, which strips the types).
 * It is turned off; NODE_OPTIONS does not take V8's own flags, but a module that sets them.
 */
function environment(machine: Machine): string {
  if (machine.accelerator === 'kvm') return slowness(machine);
  const module = `import { setFlagsFromString } from 'node:v8'; setFlagsFromString('--no-wasm-code-gc')`;
  const options = `--import=data:text/javascript,${encodeURIComponent(module)}`;
  return `${slowness(machine)} NODE_OPTIONS=${quote(options)}`;
}

/** How many times slower than a real processor it is, for what waits, tries and samples. */
function slowness({ accelerator }: Machine): string {
  return `CORACLE_SLOW=${accelerator === 'tcg' ? 8 : 1}`;
}

async function fetchFile(machine: Machine, file: string): Promise<string | undefined> {
  const { exitCode, stdout } = await capture(machine, `cat ${quote(file)}`);
  return exitCode === 0 ? stdout : undefined;
}

async function capture(
  machine: Machine,
  command: string,
  limit: Pick<Options, 'cancelSignal' | 'timeout'> = {},
): Promise<{ readonly exitCode?: number; readonly stdout: string }> {
  const args = [...sshArguments(machine.sshPort, 'root'), command];
  return execa('ssh', args, { stdin: 'ignore', stderr: 'inherit', ...limit, reject: false });
}

function keepConsole(folder: string, release: string): void {
  try {
    const text = readFileSync(path.join(folder, 'console.log'));
    writeFileSync(path.join(paths.reports, `${release}.console.log`), text);
  } catch {
    // qemu never opened it: there is nothing to keep.
  }
}
