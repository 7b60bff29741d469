import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isStaticProgram } from '../../chapters/12-engine/workbook/static-program.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'workbook-elf-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A file that starts with a 64-bit ELF header and these program headers, by type. */
function elf(types: readonly number[]): string {
  const header = Buffer.alloc(64 + types.length * 56);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  header.writeBigUInt64LE(64n, 32);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(types.length, 56);
  types.forEach((type, i) => header.writeUInt32LE(type, 64 + i * 56));
  return write('program', header);
}

function write(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;

describe('isStaticProgram', () => {
  it('accepts a program without an interpreter, also a position-independent one', () => {
    expect(isStaticProgram(elf([PT_LOAD, PT_LOAD]))).toBe(true);
    expect(isStaticProgram(elf([PT_LOAD, PT_DYNAMIC]))).toBe(true);
  });

  it('refuses a program that names an interpreter, wherever it names it', () => {
    expect(isStaticProgram(elf([PT_INTERP, PT_LOAD]))).toBe(false);
    expect(isStaticProgram(elf([PT_LOAD, PT_DYNAMIC, PT_INTERP]))).toBe(false);
  });

  it('refuses what is no program at all', () => {
    expect(isStaticProgram(elf([]))).toBe(false);
    expect(isStaticProgram(write('script', '#!/bin/sh\n'))).toBe(false);
    expect(isStaticProgram(write('empty', ''))).toBe(false);
  });

  it('says that the Node which runs us is not static', () => {
    expect(isStaticProgram(process.execPath)).toBe(false);
  });
});
