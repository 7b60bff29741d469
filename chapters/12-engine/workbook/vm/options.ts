/** What `./workbook vm` can be asked for, and how large a machine is. */
import { availableParallelism, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Accelerator } from './accelerator.ts';
import { VmError } from './errors.ts';

export interface MachineRequest {
  readonly accelerator: Accelerator | undefined;
  /** The beginning of a kernel's release, such as 6.12. */
  readonly kernel: string | undefined;
}

export interface VmOptions extends MachineRequest {
  readonly help: boolean;
  readonly provider: 'qemu' | 'vagrant' | undefined;
  readonly remove: boolean;
  readonly all: boolean;
  readonly record: boolean;
  readonly only: string | undefined;
  readonly json: string | undefined;
  readonly minutes: number | undefined;
  /** How many share the tests. */
  readonly machines: number;
}

const flags = {
  help: { type: 'boolean', short: 'h' },
  accel: { type: 'string' },
  kernel: { type: 'string' },
  with: { type: 'string' },
  remove: { type: 'boolean' },
  all: { type: 'boolean' },
  record: { type: 'boolean' },
  only: { type: 'string' },
  json: { type: 'string' },
  minutes: { type: 'string' },
  machines: { type: 'string' },
} as const;

/** Errors: VM_USAGE, which names the option. */
export function parseOptions(args: readonly string[]): VmOptions {
  const { values } = parse(args);
  const { accel, with: provider, minutes, record = false, all = false, only } = values;
  if (record && !all && only === undefined) {
    throw new VmError('VM_USAGE', '--record is for suites that run whole: add --only or --all');
  }
  return {
    help: values.help ?? false,
    accelerator: oneOf('--accel', accel, ['kvm', 'tcg']),
    kernel: values.kernel,
    provider: oneOf('--with', provider, ['qemu', 'vagrant']),
    remove: values.remove ?? false,
    all,
    record,
    only,
    json: values.json,
    minutes: minutes === undefined ? undefined : positive('--minutes', minutes),
    machines: machineCount(values.machines ?? '1'),
  };
}

function parse(args: readonly string[]): { values: ReturnType<typeof parseFlags>['values'] } {
  try {
    return parseFlags(args);
  } catch (error) {
    throw new VmError('VM_USAGE', error instanceof Error ? error.message : String(error));
  }
}

const parseFlags = (args: readonly string[]) => parseArgs({ args: [...args], options: flags });

function oneOf<Value extends string>(
  name: string,
  value: string | undefined,
  values: readonly Value[],
): Value | undefined {
  if (value === undefined) return undefined;
  const found = values.find((each) => each === value);
  if (found !== undefined) return found;
  throw new VmError('VM_USAGE', `${name} ${value}: it is one of ${values.join(', ')}`);
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new VmError('VM_USAGE', `${name} ${text}: it is a number above 0`);
}

function machineCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 8) return value;
  throw new VmError('VM_USAGE', `--machines ${text}: it is a whole number from 1 to 8`);
}

/** Two processors and 4 GiB where the host has that to spare; CORACLE_VM_CPUS and _MEMORY (MiB) say otherwise. */
export function size(): { readonly cpus: number; readonly memoryMiB: number } {
  const { CORACLE_VM_CPUS: cpus, CORACLE_VM_MEMORY: memory } = process.env;
  const half = Math.floor(totalmem() / 2 ** 21);
  return {
    cpus:
      cpus === undefined ? Math.min(2, availableParallelism()) : positive('CORACLE_VM_CPUS', cpus),
    memoryMiB: memory === undefined ? Math.min(4096, half) : positive('CORACLE_VM_MEMORY', memory),
  };
}

/** Errors: VM_USAGE on a processor for which there is no image. */
export function hostArchitecture(): 'x64' | 'arm64' {
  if (process.arch === 'x64' || process.arch === 'arm64') return process.arch;
  throw new VmError('VM_USAGE', `there is no image for ${process.arch}; x64 and arm64 are known`);
}
