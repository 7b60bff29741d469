/**
 * A throwaway machine that tests run in:
 *
 *     start → ready → test, measure → dispose
 *
 * It has the repository from a disk, and its time limits are the host's: a machine that hangs
 * answers nothing any more.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa, type Options } from 'execa';
import type { Accelerator } from './accelerator.ts';
import { freePort, kill, startMachine, waitUntilUp, type Machine } from './boot.ts';
import { consoleExcerpt } from './console.ts';
import { VmError } from './errors.ts';
import type { Image, Kernel } from './image.ts';
import { hostArchitecture, size } from './options.ts';
import { paths } from './paths.ts';
import { parseReport, type Report } from './report.ts';
import { publicKey, quote, runInside, sshArguments } from './ssh.ts';

export interface GuestOptions {
  readonly image: Image;
  readonly kernel: Kernel;
  readonly accelerator: Accelerator;
  /** A folder for what the guest leaves; of its own. */
  readonly folder: string;
  /** The repository, as packSource() makes it. */
  readonly source: string;
  /** Begins the names of its files in `.vm/reports`. */
  readonly name: string;
  /** Begins the lines of its tests; empty where they need no telling apart. */
  readonly label: string;
}

export class Guest implements Disposable {
  readonly #machine: Machine;
  readonly #options: GuestOptions;

  private constructor(machine: Machine, options: GuestOptions) {
    this.#machine = machine;
    this.#options = options;
  }

  /** Starts the machine; `ready` waits for it. Errors: those of startMachine(). */
  static async start(options: GuestOptions): Promise<Guest> {
    const { image, kernel, accelerator, folder, source } = options;
    const machine = await startMachine({
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
    return new Guest(machine, options);
  }

  /** Booted, and with the repository. Errors: VM_BOOT, VM_TEST. */
  async ready(signal: AbortSignal): Promise<void> {
    await waitUntilUp(this.#machine, signal);
    const command =
      'tar -C /coracle -xf /dev/disk/by-id/virtio-coracle-source && coracle-bind-modules';
    const code = await runInside(this.#machine.sshPort, 'root', command);
    if (code === 0) return;
    throw new VmError('VM_TEST', `the repository could not be unpacked (${code}); see above`);
  }

  /** Runs the test command with these arguments. Errors: VM_TEST when it hangs or reports nothing. */
  async test(args: string, minutes: number, signal: AbortSignal): Promise<Report> {
    const timer = AbortSignal.timeout(minutes * 60_000);
    const report = '/tmp/coracle-report.json';
    const command = `cd /coracle && CI=true ${this.#environment()} ./workbook test ${args} --json ${report}`;
    const code = await runInside(this.#machine.sshPort, 'root', command, {
      cancelSignal: AbortSignal.any([timer, signal]),
      ...this.#output(),
    });
    signal.throwIfAborted();
    if (timer.aborted) throw this.#error(`the tests did not end in ${minutes} minutes`);
    const { exitCode, stdout } = await this.#capture(`cat ${quote(report)}`);
    if (exitCode !== 0) {
      throw this.#error(`the tests ended with exit code ${code} and left no report`);
    }
    writeFileSync(path.join(paths.reports, `${this.#options.name}.json`), stdout);
    return parseReport(stdout);
  }

  /**
   * Ratios hold where absolute times do not: all contestants are emulated alike. Undefined, with its
   * reason on stderr, if it could not be measured: what the tests have found is not lost by that.
   */
  async measure(signal: AbortSignal): Promise<string | undefined> {
    const command = `cd /coracle && ${this.#slowness()} node_modules/node-linux-*/bin/node tests/bench/run.ts --runs 10 --table`;
    const limit = { cancelSignal: signal, timeout: 60 * 60_000 };
    const { exitCode, stdout } = await this.#capture(command, limit);
    signal.throwIfAborted();
    if (exitCode === 0) return stdout;
    process.stderr.write(
      `vm: the benchmark did not succeed (${exitCode ?? 'not done in an hour'})\n`,
    );
    return undefined;
  }

  /** Ends the machine, and keeps what its console printed. */
  [Symbol.dispose](): void {
    kill(this.#machine);
    try {
      const text = readFileSync(this.#machine.console);
      writeFileSync(path.join(paths.reports, `${this.#options.name}.console.log`), text);
    } catch {
      // qemu never opened it: there is nothing to keep.
    }
  }

  #error(what: string): VmError {
    return new VmError('VM_TEST', `${what}; ${consoleExcerpt(this.#machine.console)}`);
  }

  async #capture(
    command: string,
    limit: Pick<Options, 'cancelSignal' | 'timeout'> = {},
  ): Promise<{ readonly exitCode?: number; readonly stdout: string }> {
    const args = [...sshArguments(this.#machine.sshPort, 'root'), command];
    return execa('ssh', args, { stdin: 'ignore', stderr: 'inherit', ...limit, reject: false });
  }

  /** Its lines begin with its label, where that is not empty. */
  #output(): Options {
    const { label } = this.#options;
    if (label === '') return {};
    const labelled = function* (line: unknown) {
      yield `${label}${String(line)}`;
    };
    return { stdout: [labelled, 'inherit'], stderr: [labelled, 'inherit'] };
  }

  /**
   * Emulated, Node 26 dies of SIGSEGV in one of fifty starts from TypeScript: V8's collector of
   * WebAssembly code takes the pages of a function that still runs (of swc, which strips the
   * types). It is turned off; NODE_OPTIONS does not take V8's own flags, but a module that sets them.
   */
  #environment(): string {
    if (this.#machine.accelerator === 'kvm') return this.#slowness();
    const module = `import { setFlagsFromString } from 'node:v8'; setFlagsFromString('--no-wasm-code-gc')`;
    const options = `--import=data:text/javascript,${encodeURIComponent(module)}`;
    return `${this.#slowness()} NODE_OPTIONS=${quote(options)}`;
  }

  /** How many times slower than a real processor it is, for what waits, tries and samples. */
  #slowness(): string {
    return `CORACLE_SLOW=${this.#machine.accelerator === 'tcg' ? 8 : 1}`;
  }
}
