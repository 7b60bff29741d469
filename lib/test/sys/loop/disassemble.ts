/** Machine code as a listing: `offset: bytes  instruction`, by the tools of the system. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Architecture } from '../../../src/sys/index.ts';

const TOOL = { x64: 'objdump', arm64: 'llvm-mc' } as const;

/** Why there is no listing here, or `undefined`. */
export function whyNoListing(arch: Architecture): string | undefined {
  const { status } = spawnSync(TOOL[arch], ['--version']);
  return status === 0 ? undefined : `${TOOL[arch]} is not installed`;
}

/** The listing of a piece of code. */
export function listing(code: Uint8Array, arch: Architecture): string {
  return arch === 'x64' ? listX64(code) : listArm64(code);
}

/** The bytes of a listing; the instructions are for people. */
export function bytesOf(text: string): Uint8Array {
  const columns = text
    .trimEnd()
    .split('\n')
    .map((line) => /^[0-9a-f]+: ([0-9a-f]+) /.exec(line)?.[1] ?? '');
  return Uint8Array.from(Buffer.from(columns.join(''), 'hex'));
}

function listX64(code: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'coracle-listing-'));
  try {
    const file = join(folder, 'code');
    writeFileSync(file, code);
    const options = ['-D', '-b', 'binary', '-m', 'i386:x86-64', '-M', 'intel', '-w'];
    const lines = run('objdump', [...options, '--insn-width=16', file]).split('\n');
    return lines.flatMap(parseObjdump).join('');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parseObjdump(line: string): string[] {
  const [offset, bytes, instruction] = line.split('\t');
  if (offset === undefined || bytes === undefined || instruction === undefined) return [];
  const at = Number.parseInt(offset, 16);
  return [format(at, bytes.replaceAll(' ', ''), instruction.replaceAll(/ +/g, ' '))];
}

function listArm64(code: Uint8Array): string {
  const input = Array.from(code, (byte) => `0x${byte.toString(16)}`).join(' ');
  const output = run('llvm-mc', ['-disassemble', '-triple=aarch64'], input);
  const instructions = output.split('\n').filter((line) => /^\t[^.]/.test(line));
  return instructions
    .map((line, index) => {
      const bytes = Buffer.from(code.subarray(index * 4, index * 4 + 4)).toString('hex');
      return format(index * 4, bytes, line.trim().replaceAll('\t', ' '));
    })
    .join('');
}

function format(offset: number, bytes: string, instruction: string): string {
  return `${offset.toString(16).padStart(3, '0')}: ${bytes.padEnd(20)} ${instruction.trim()}\n`;
}

function run(command: string, args: string[], input?: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    ...(input !== undefined && { input }),
  });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  return stdout;
}
