/** `./workbook vm`: the machine that Coracle provides, by Vagrant or directly by qemu. */
import { writeFileSync } from 'node:fs';
import { execa } from 'execa';
import { inWords, sumOf } from '../counts.ts';
import { ensurePackages, vmNeeds } from '../packages.ts';
import { chooseAccelerator } from './accelerator.ts';
import { VmError } from './errors.ts';
import { ensureImage, findImage } from './image.ts';
import { down, findMachine, hasDisk, up } from './machine.ts';
import { parseOptions, type VmOptions } from './options.ts';
import { writeRecord } from './record.ts';
import { quote, runInside, sshArguments } from './ssh.ts';
import { asksBenchmark, suitesOf, testInMachines } from './test.ts';
import {
  hasVagrant,
  vagrantDown,
  vagrantRun,
  vagrantSsh,
  vagrantStatus,
  vagrantTest,
  vagrantUp,
} from './vagrant.ts';

const help = `The machine in which everything of Coracle runs: Debian, systemd, cgroup v2.

Usage: ./workbook vm COMMAND [OPTION ...]

  up             boot the machine; the repository is at /coracle in it, shared with the host
  ssh            open a shell in it (user vagrant; sudo needs no password)
  run COMMAND    run a command in it, in /coracle
  down           shut it down; --remove also takes its disk
  status         what runs, what is built, and how this host would run it
  test           run the tests in a machine of their own, which is thrown away
  build          build the image that machines start from (needs root; done by need)

  --with qemu|vagrant   by whom; Vagrant where it is installed, else qemu
  --accel kvm|tcg       the processor's virtualization, or emulation; chosen by what works
  --kernel VERSION      boot the image's kernel of this version, such as 6.12
  --only SUITE,...      test: these suites whole; benchmark is one of them
  --all                 test: all suites, on each kernel of the image; takes hours emulated
  --record              test: with --only or --all, write what came into vagrant/RECORD.md
  --machines N          test: N machines share the test files (each takes memory and a processor)
  --minutes N           test: give up after N minutes a kernel
  --json FILE           test: write the numbers there

CORACLE_VM_CPUS and CORACLE_VM_MEMORY (MiB) size the machine; 2 and 4096 otherwise.
CORACLE_VM_IMAGE names the folder of a built image to use instead of this checkout's.
`;

type Action = (options: VmOptions, words: readonly string[]) => Promise<number>;

const byQemu: Readonly<Record<string, Action>> = {
  up: upByQemu,
  ssh: sshByQemu,
  run: runByQemu,
  down: downByQemu,
  status: statusByQemu,
  test: testByQemu,
  build,
};

const byVagrant: Readonly<Record<string, Action>> = {
  up: vagrantUp,
  ssh: vagrantSsh,
  run: (_, words) => vagrantRun(words),
  down: vagrantDown,
  status: vagrantStatus,
  test: testByVagrant,
  build,
};

/** Runs one command line, from the word after `vm` on. Returns the exit code. */
export async function runVm(argv: readonly string[]): Promise<number> {
  const [name = 'help', ...args] = argv;
  // What follows `run` is the command's own, options and all.
  const options = parseOptions(name === 'run' ? [] : args);
  if (name === 'help' || name === '--help' || name === '-h' || options.help) {
    process.stdout.write(help);
    return 0;
  }
  const provider = options.provider ?? (hasVagrant() ? 'vagrant' : 'qemu');
  const actions = provider === 'vagrant' ? byVagrant : byQemu;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action !== undefined) return action(options, args);
  throw new VmError(
    'VM_USAGE',
    `vm has no command '${name}'; it has ${Object.keys(byQemu).join(', ')} ('./workbook vm help')`,
  );
}

async function upByQemu(options: VmOptions): Promise<number> {
  await ensurePackages(vmNeeds);
  await up(options);
  process.stdout.write('The machine is up: ./workbook vm ssh\n');
  return 0;
}

async function sshByQemu(): Promise<number> {
  const { sshPort } = runningMachine();
  const { exitCode } = await execa('ssh', sshArguments(sshPort, 'vagrant', true), {
    stdio: 'inherit',
    reject: false,
  });
  return exitCode ?? 255;
}

async function runByQemu(_: VmOptions, words: readonly string[]): Promise<number> {
  if (words.length === 0) throw new VmError('VM_USAGE', 'vm run needs a command to run');
  const { sshPort } = runningMachine();
  return runInside(sshPort, 'vagrant', `cd /coracle && ${words.map(quote).join(' ')}`, {
    stdin: 'inherit',
  });
}

function runningMachine(): { readonly sshPort: number } {
  const machine = findMachine();
  if (machine !== undefined) return machine;
  throw new VmError('VM_DOWN', 'the machine is not running; boot it: ./workbook vm up');
}

async function downByQemu({ remove }: VmOptions): Promise<number> {
  const ran = await down({ remove });
  process.stdout.write(ran ? 'The machine is down.\n' : 'The machine was not running.\n');
  return 0;
}

function statusByQemu(): Promise<number> {
  const machine = findMachine();
  const image = findImage();
  const { accelerator, why } = chooseAccelerator();
  const rows = {
    machine:
      machine === undefined
        ? `not running${hasDisk() ? ', its disk is kept' : ''}`
        : `running, process ${machine.pid}, ssh on 127.0.0.1:${machine.sshPort}`,
    image: image === undefined ? 'not built yet' : image.folder,
    kernels: image?.kernels.map(({ release }) => release).join(', ') ?? '-',
    processor: accelerator === 'kvm' ? 'KVM' : `emulated (${why})`,
    vagrant: hasVagrant() ? 'installed' : 'not installed',
  };
  for (const [name, text] of Object.entries(rows)) {
    process.stdout.write(`${name.padEnd(12)}${text}\n`);
  }
  return Promise.resolve(0);
}

function testByVagrant(options: VmOptions): Promise<number> {
  const suites = suitesOf(options);
  if (!options.record && options.machines === 1 && suites.length > 0) {
    return vagrantTest(suites.join(','), options.json);
  }
  const forQemu = '--record, --machines and --only benchmark';
  throw new VmError('VM_USAGE', `${forQemu} are for qemu: add --with qemu`);
}

/** ^C ends the machine, and then us. */
async function testByQemu(options: VmOptions): Promise<number> {
  await ensurePackages(vmNeeds);
  const stop = new AbortController();
  const abort = (): void => stop.abort(new VmError('VM_TEST', 'stopped by a signal'));
  process.on('SIGINT', abort).on('SIGTERM', abort);
  const rounds = await testInMachines(options, stop.signal);
  const total = sumOf(rounds.map(({ report }) => report));
  process.stdout.write('\n');
  for (const { kernel, accelerator, minutes, report, benchmark } of rounds) {
    if (benchmark !== undefined) process.stdout.write(`${benchmark.trim()}\n\n`);
    process.stdout.write(`Linux ${kernel} (${accelerator}, ${minutes} min): ${inWords(report)}\n`);
  }
  process.stdout.write(`${inWords(total)}\n`);
  if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(total));
  if (options.record) process.stderr.write(`vm: ${writeRecord(rounds, new Date())}\n`);
  const hasRun = total.passed > 0 || suitesOf(options).length === 0;
  const isMeasured = rounds.every(({ benchmark }) => benchmark !== undefined);
  return total.failed === 0 && hasRun && (isMeasured || !asksBenchmark(options)) ? 0 : 1;
}

async function build(): Promise<number> {
  await ensurePackages(vmNeeds);
  const { folder } = await ensureImage();
  process.stdout.write(`${folder}\n`);
  return 0;
}
