/**
 * Runs a program as a plain executable: natively, or for the other architecture under qemu-user.
 *
 * No root and no koffi: the file that `buildExecutable` makes is all there is.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIELD, OPERATION_SIZE } from '../../../src/sys/program/operation.ts';
import { buildExecutable, type Architecture, type SyscallProgram } from '../../../src/sys/index.ts';

/** What can be seen of a program from outside. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly output: Buffer;
  /** The failure record, when the loop wrote one to the control descriptor. */
  readonly failure?: { readonly index: number; readonly result: number };
}

const CONTROL_FD = 3;
const QEMU = { x64: 'qemu-x86_64', arm64: 'qemu-aarch64' } as const;

/** Why programs of `arch` cannot run here, or `undefined` when they can. */
export function whyNot(arch: Architecture, needsQemu = false): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.arch === arch && !needsQemu) return undefined;
  const { status } = spawnSync(QEMU[arch], ['--version']);
  return status === 0 ? undefined : `${QEMU[arch]} is not installed (Debian: qemu-user)`;
}

/** The command that runs a file of `arch`; with a page size always under qemu. */
function commandFor(file: string, arch: Architecture, pageSize?: number): string[] {
  if (pageSize !== undefined) return [QEMU[arch], '-p', String(pageSize), file];
  return process.arch === arch ? [file] : [QEMU[arch], file];
}

/**
 * Runs the program to its end.
 *
 * @param pageSize what the kernel's pages are to be, where qemu runs the program.
 */
export function runExecutable(
  program: SyscallProgram,
  arch: Architecture,
  pageSize?: number,
): Outcome {
  const folder = mkdtempSync(join(tmpdir(), 'coracle-loop-'));
  try {
    const file = join(folder, 'program');
    writeFileSync(file, buildExecutable(program, { arch, controlFd: CONTROL_FD }), { mode: 0o755 });
    const [command = '', ...args] = commandFor(file, arch, pageSize);
    const { status, signal, output, error } = spawnSync(command, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      timeout: 10_000,
    });
    if (error !== undefined) throw error;
    if (signal !== null) throw new Error(`the program was ended by ${signal}`);
    const [, text, , record] = output;
    return {
      exitCode: status,
      output: text ?? Buffer.alloc(0),
      ...(record !== null && record !== undefined && record.length > 0 && decode(record)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function decode(record: Buffer): Pick<Outcome, 'failure'> {
  if (record.length !== OPERATION_SIZE) throw new Error(`a record of ${record.length} bytes`);
  return {
    failure: {
      index: record.readUInt16LE(FIELD.index),
      result: Number(record.readBigInt64LE(FIELD.result)),
    },
  };
}
