/**
 * A program as a static executable: an ELF header, two segments, nothing else.
 *
 * The child leaves Node's image by executing this file, so nothing of the host's Node binary is
 * left in the process that becomes the container: `/proc/PID/exe` is a sealed, anonymous file of a
 * few pages (CVE-2019-5736), and a created container that waits for days holds a few pages too.
 * Layout: elf(5).
 */
import type { Architecture } from '../numbers.ts';
import { assemble, CODE_SIZE } from './assemble.ts';
import type { SyscallProgram } from './program.ts';

/** Where the file is mapped; headers and code share the first page. */
const BASE = 0x400000;
const HEADERS_SIZE = 64 + 3 * 56;
const ENTRY = BASE + 256;

const ET_EXEC = 2;
const MACHINE = { x64: 62, arm64: 183 } as const;
const PT_LOAD = 1;
const PT_GNU_STACK = 0x6474e551;
const PF_X = 1;
const PF_W = 2;
const PF_R = 4;

/** The bytes of an ELF executable that runs the program. */
export function buildExecutable(
  program: SyscallProgram,
  options: { arch: Architecture; controlFd: number },
): Uint8Array {
  const { code, data } = assemble(program, { ...options, base: BASE });
  const file = new Uint8Array(CODE_SIZE + data.length);
  const view = new DataView(file.buffer);
  writeHeader(view, options.arch);
  writeSegment(view, 0, {
    type: PT_LOAD,
    flags: PF_R | PF_X,
    offset: 0,
    size: ENTRY - BASE + code.length,
  });
  writeSegment(view, 1, {
    type: PT_LOAD,
    flags: PF_R | PF_W,
    offset: CODE_SIZE,
    size: data.length,
  });
  writeSegment(view, 2, { type: PT_GNU_STACK, flags: PF_R | PF_W, offset: 0, size: 0 });
  file.set(code, ENTRY - BASE);
  file.set(data, CODE_SIZE);
  return file;
}

/** `Elf64_Ehdr`. */
function writeHeader(view: DataView, arch: Architecture): void {
  for (const [index, byte] of [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1].entries())
    view.setUint8(index, byte);
  view.setUint16(16, ET_EXEC, true);
  view.setUint16(18, MACHINE[arch], true);
  view.setUint32(20, 1, true); // e_version
  view.setBigUint64(24, BigInt(ENTRY), true);
  view.setBigUint64(32, 64n, true); // e_phoff
  view.setUint16(52, 64, true); // e_ehsize
  view.setUint16(54, 56, true); // e_phentsize
  view.setUint16(56, (HEADERS_SIZE - 64) / 56, true); // e_phnum
}

/** `Elf64_Phdr`. */
function writeSegment(
  view: DataView,
  index: number,
  segment: { type: number; flags: number; offset: number; size: number },
): void {
  const at = 64 + index * 56;
  view.setUint32(at, segment.type, true);
  view.setUint32(at + 4, segment.flags, true);
  view.setBigUint64(at + 8, BigInt(segment.offset), true);
  const address = segment.type === PT_LOAD ? BigInt(BASE + segment.offset) : 0n;
  view.setBigUint64(at + 16, address, true); // p_vaddr
  view.setBigUint64(at + 24, address, true); // p_paddr
  view.setBigUint64(at + 32, BigInt(segment.size), true); // p_filesz
  view.setBigUint64(at + 40, BigInt(segment.size), true); // p_memsz
  view.setBigUint64(at + 48, 4096n, true); // p_align
}
