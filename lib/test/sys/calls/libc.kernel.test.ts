/** The raw entry: what goes in, what comes out, and what stays alive meanwhile. */
import { closeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { addressOf, setPointer, syscall, SyscallError } from '../../../src/sys/index.ts';
import { memoryAt } from '../../../src/sys/libc.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'nothing was thrown';
}

test('a refused call tells its arguments and the errno', () => {
  const call = () => syscall('openat2', -100, '/does/not/exist', new Uint8Array(24), 24);
  expect(call).toThrow(SyscallError);
  expect(messageOf(call)).toBe(
    'openat2(-100, "/does/not/exist", {24 bytes}, 24): no such file or directory (ENOENT)',
  );
  expect(messageOf(() => syscall('umount2', null, 0))).toBe(
    'umount2(NULL, 0): bad address (EFAULT)',
  );
});

test('a string with a NUL byte is refused: the kernel would see a part of it', () => {
  expect(messageOf(() => syscall('chdir', '/tmp\0/elsewhere'))).toBe(
    'chdir: "/tmp\\u0000/elsewhere" has a NUL byte, which no C string can hold; remove it',
  );
});

test('a number that is not whole is refused', () => {
  for (const wrong of [Number.NaN, 1.5, Infinity, 2 ** 60]) {
    expect(messageOf(() => syscall('close', wrong))).toBe(
      `close: ${wrong} is not a whole number; pass a bigint beyond 2^53`,
    );
  }
});

test('numbers reach the kernel with all their bits', () => {
  const file = syscall('memfd_create', 'bits', 0);
  const status = Buffer.alloc(256);
  syscall('ftruncate', file, 0x123_4567_89abn);
  syscall('statx', file, '', 0x1000, 0x200, status);
  closeSync(file);
  expect(status.readBigUInt64LE(40)).toBe(0x123_4567_89abn);
});

test('a part of a pooled buffer is passed at its own address', () => {
  const pooled = Buffer.from('a pooled buffer').subarray(2, 8);
  expect(pooled.byteOffset).toBeGreaterThan(0);
  const bytes = memoryAt(addressOf(pooled), pooled.length);
  expect(Buffer.from(bytes).toString()).toBe('pooled');
  const file = syscall('memfd_create', 'pool', 0);
  expect(syscall('write', file, pooled, pooled.length)).toBe(6);
  closeSync(file);
});

test('what a structure points to lives as long as the structure, and no longer', async () => {
  const structure = Buffer.alloc(8);
  const target = pointTo(structure);
  const orphan = pointTo(Buffer.alloc(8));
  await nextTurn(); // A WeakRef holds its target until the end of the turn in which it was made.
  collectGarbage();
  expect(target.deref()).toBeDefined();
  expect(orphan.deref()).toBeUndefined();
  const bytes = memoryAt(structure.readBigUInt64LE(0), 16);
  expect(Buffer.from(bytes).toString()).toBe('0123456789abcdef');
});

/** In a function of its own, so that nothing here holds the buffer. */
function pointTo(structure: Buffer): WeakRef<Uint8Array> {
  const target = new Uint8Array(Array.from('0123456789abcdef', (letter) => letter.charCodeAt(0)));
  setPointer(structure, 0, target);
  return new WeakRef(target);
}

test('a buffer does not move when the garbage collector runs', () => {
  const small = new Uint8Array(8);
  const before = addressOf(small);
  for (let round = 0; round < 3; round += 1) collectGarbage();
  expect(addressOf(small)).toBe(before);
});
