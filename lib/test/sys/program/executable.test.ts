import { expect, test } from 'vitest';
import { buildExecutable, LAYOUT, space, SyscallProgram } from '../../../src/sys/index.ts';

const { elf64_hdr: HEADER, elf64_phdr: SEGMENT } = LAYOUT;

function build(arch: 'x64' | 'arm64'): Buffer {
  const program = new SyscallProgram();
  program.call('read', [0, space(5000), 5000]);
  return Buffer.from(buildExecutable(program, { arch, controlFd: 3 }));
}

function segments(file: Buffer) {
  const count = file.readUInt16LE(HEADER.e_phnum);
  const start = Number(file.readBigUInt64LE(HEADER.e_phoff));
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * file.readUInt16LE(HEADER.e_phentsize);
    const word = (field: number) => Number(file.readBigUInt64LE(at + field));
    return {
      type: file.readUInt32LE(at + SEGMENT.p_type),
      flags: file.readUInt32LE(at + SEGMENT.p_flags),
      offset: word(SEGMENT.p_offset),
      address: word(SEGMENT.p_vaddr),
      size: word(SEGMENT.p_filesz),
      memory: word(SEGMENT.p_memsz),
      align: word(SEGMENT.p_align),
    };
  });
}

test.each([
  ['x64', 62],
  ['arm64', 183],
] as const)('the header is that of a static executable for %s', (arch, machine) => {
  const file = build(arch);
  expect(file.toString('latin1', 0, 7)).toBe('\x7fELF\x02\x01\x01');
  expect(file.readUInt16LE(HEADER.e_type)).toBe(2);
  expect(file.readUInt16LE(HEADER.e_machine)).toBe(machine);
  expect(file.readUInt16LE(HEADER.e_ehsize)).toBe(64);
});

test('code is read and executed, data read and written, the stack not executed', () => {
  const R = 4;
  const W = 2;
  const X = 1;
  const PT_LOAD = 1;
  const PT_GNU_STACK = 0x6474e551;
  expect(segments(build('x64')).map(({ type, flags }) => [type, flags])).toEqual([
    [PT_LOAD, R | X],
    [PT_LOAD, R | W],
    [PT_GNU_STACK, R | W],
  ]);
});

test('the program starts at the code, behind the headers', () => {
  const file = build('x64');
  const [code] = segments(file);
  const entry = Number(file.readBigUInt64LE(HEADER.e_entry)) - (code?.address ?? 0);
  expect(entry).toBeGreaterThanOrEqual(HEADER.sizeof + 3 * SEGMENT.sizeof);
  expect(file.toString('hex', entry, entry + 2)).toBe('48bb'); // mov rbx, …
});

test('segments are in the file whole, where their addresses ask, and share no page of 64 KB', () => {
  const file = build('arm64');
  const loaded = segments(file).slice(0, 2);
  for (const { offset, address, size, memory, align } of loaded) {
    expect(offset + size).toBeLessThanOrEqual(file.length);
    expect(memory).toBe(size);
    expect(align).toBe(0x10000);
    expect(address % align).toBe(offset % align);
  }
  const pages = loaded.map(({ address }) => Math.floor(address / 0x10000));
  expect(new Set(pages).size).toBe(2);
});

test('the file is no larger than a page of code and its data', () => {
  const file = build('x64');
  expect(file.length).toBe(4096 + (segments(file)[1]?.size ?? 0));
});
