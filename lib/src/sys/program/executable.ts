/**
 * A program as a static executable: an ELF header, two segments, nothing else.
 *
 * The child leaves Node's image by executing this file, so nothing of the host's Node binary is
 * left in the process that becomes the container: `/proc/PID/exe` is a sealed, anonymous file of a
 * few pages (CVE-2019-5736), and a created container that waits for days holds a few pages too.
 * Layout: elf(5).
 */
import {
  EM_AARCH64,
  EM_X86_64,
  ET_EXEC,
  PF_R,
  PF_W,
  PF_X,
  PT_GNU_STACK,
  PT_LOAD,
} from '../constants/elf.ts';
import { LAYOUT } from '../layouts.ts';
import type { Architecture } from '../numbers.ts';
import { assemble, CODE_SIZE, DATA_OFFSET, LARGEST_PAGE } from './assemble.ts';
import type { SyscallProgram } from './program.ts';

const MACHINE = { x64: EM_X86_64, arm64: EM_AARCH64 } as const;
const HEADER = LAYOUT.elf64_hdr;
const SEGMENT = LAYOUT.elf64_phdr;

/** Where the file is mapped; headers and code share the first page. */
const BASE = 0x400000;
/** Where the code is in that page, after the header and three segments. */
const CODE_OFFSET = 256;

/** The bytes of an ELF executable that runs the program; `controlFd` is the child's number of it. */
export function buildExecutable(
  program: SyscallProgram,
  options: { arch: Architecture; controlFd: number },
): Uint8Array {
  const { code, data } = assemble(program, { ...options, base: BASE });
  const file = new Uint8Array(CODE_SIZE + data.length);
  writeHeader(new DataView(file.buffer), options.arch);
  const segments = [
    {
      type: PT_LOAD,
      flags: PF_R | PF_X,
      offset: 0,
      address: BASE,
      size: CODE_OFFSET + code.length,
    },
    {
      type: PT_LOAD,
      flags: PF_R | PF_W,
      offset: CODE_SIZE,
      address: BASE + DATA_OFFSET,
      size: data.length,
    },
    { type: PT_GNU_STACK, flags: PF_R | PF_W, offset: 0, address: 0, size: 0 },
  ];
  for (const [index, segment] of segments.entries()) {
    writeSegment(new DataView(file.buffer, HEADER.sizeof + index * SEGMENT.sizeof), segment);
  }
  file.set(code, CODE_OFFSET);
  file.set(data, CODE_SIZE);
  return file;
}

/** 64-bit, little-endian, version 1 (elf(5), e_ident). */
const IDENT = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1];
const SEGMENT_COUNT = 3;

function writeHeader(view: DataView, arch: Architecture): void {
  for (const [index, byte] of IDENT.entries()) view.setUint8(HEADER.e_ident + index, byte);
  view.setUint16(HEADER.e_type, ET_EXEC, true);
  view.setUint16(HEADER.e_machine, MACHINE[arch], true);
  view.setUint32(HEADER.e_version, 1, true);
  view.setBigUint64(HEADER.e_entry, BigInt(BASE + CODE_OFFSET), true);
  view.setBigUint64(HEADER.e_phoff, BigInt(HEADER.sizeof), true);
  view.setUint16(HEADER.e_ehsize, HEADER.sizeof, true);
  view.setUint16(HEADER.e_phentsize, SEGMENT.sizeof, true);
  view.setUint16(HEADER.e_phnum, SEGMENT_COUNT, true);
}

interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

function writeSegment(view: DataView, { type, flags, offset, address, size }: Segment): void {
  view.setUint32(SEGMENT.p_type, type, true);
  view.setUint32(SEGMENT.p_flags, flags, true);
  view.setBigUint64(SEGMENT.p_offset, BigInt(offset), true);
  view.setBigUint64(SEGMENT.p_vaddr, BigInt(address), true);
  view.setBigUint64(SEGMENT.p_paddr, BigInt(address), true);
  view.setBigUint64(SEGMENT.p_filesz, BigInt(size), true);
  view.setBigUint64(SEGMENT.p_memsz, BigInt(size), true);
  view.setBigUint64(SEGMENT.p_align, BigInt(LARGEST_PAGE), true);
}
