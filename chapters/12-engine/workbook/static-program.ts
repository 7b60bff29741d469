/** Tells a static ELF program, which runs in an empty root, from one that wants a loader there. */
import { closeSync, openSync, readSync } from 'node:fs';

const elfMagic = 0x7f454c46;
const PT_INTERP = 3;

/**
 * Whether `file` is a 64-bit little-endian ELF program without an interpreter segment (elf(5)).
 * @throws Error as openSync(2) does, when the file cannot be read.
 */
export function isStaticProgram(file: string): boolean {
  const head = readHead(file);
  if (head.length < 64 || head.readUInt32BE(0) !== elfMagic || head[4] !== 2) return false;
  const offset = Number(head.readBigUInt64LE(32));
  const entrySize = head.readUInt16LE(54);
  const entries = head.readUInt16LE(56);
  for (let i = 0; i < entries; i += 1) {
    const at = offset + i * entrySize;
    // Headers beyond what we read: not a program that a usual linker made.
    if (at + 4 > head.length || head.readUInt32LE(at) === PT_INTERP) return false;
  }
  return entries > 0;
}

function readHead(file: string): Buffer {
  const fd = openSync(file, 'r');
  try {
    const head = Buffer.alloc(4096);
    return head.subarray(0, readSync(fd, head, 0, head.length, 0));
  } finally {
    closeSync(fd);
  }
}
