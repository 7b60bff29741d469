import { describe, expect, test } from 'vitest';
import {
  assemble,
  bytes,
  load,
  place,
  space,
  SyscallProgram,
  syscallNumber,
  words,
  type Argument,
  type Architecture,
  type OperationOptions,
} from '../../../src/sys/index.ts';
import { DATA_OFFSET } from '../../../src/sys/program/assemble.ts';

const BASE = 0x10000;
const DATA = BASE + DATA_OFFSET;
const SIZE = 80;

/** The data of a program, with a view on it. */
function assembled(build: (program: SyscallProgram) => void, arch: Architecture = 'x64') {
  const program = new SyscallProgram();
  build(program);
  const { data } = assemble(program, { arch, base: BASE, controlFd: 3 });
  return {
    data: Buffer.from(data),
    word: (offset: number) => Buffer.from(data).readBigInt64LE(offset),
  };
}

function one(args: Argument[], options: OperationOptions = {}) {
  return assembled((program) => program.call('mount', args, options));
}

/** The bytes at an address of the child. */
function at(data: Buffer, address: bigint, size: number): string {
  const offset = Number(address) - DATA;
  return data.toString('latin1', offset, offset + size);
}

describe('an operation', () => {
  test('has the number of its architecture', () => {
    for (const arch of ['x64', 'arm64'] as const) {
      const { word } = assembled((program) => program.call('mount', []), arch);
      expect(word(0)).toBe(BigInt(syscallNumber('mount', arch)));
    }
  });

  test('has its numbers as signed 64 bits, NULL as 0, and 0 for what is not given', () => {
    const { word } = one([-100, null, 0xffff_ffff_ffff_ffffn, 2 ** 40, -(2n ** 63n)]);
    expect([1, 2, 3, 4, 5, 6].map((index) => word(index * 8))).toEqual([
      -100n,
      0n,
      -1n,
      2n ** 40n,
      -(2n ** 63n),
      0n,
    ]);
  });

  test('has its index, mask, mode, tolerated errno and skip in the last eight bytes', () => {
    const { data } = assembled((program) => {
      const first = program.call('getpid', []);
      const args = [load(place(space(8))), first, 'text', load(place(space(8)))];
      const second = program.call('mount', args, { tolerate: 'EBUSY', zeroIsFailure: true });
      program.skipWhen(second, 'error', () => {
        program.call('getpid', []);
        program.call('getpid', []);
      });
    });
    expect(data.toString('hex', SIZE + 72, SIZE + 80)).toBe(
      ['0100', '0b', '09', '1000', '0200'].join(''),
    );
  });

  test.each([
    ['zero', 2],
    ['success', 4],
    ['error', 8],
  ] as const)('skipped when %s has mode %i', (when, mode) => {
    const { data } = assembled((program) => {
      program.skipWhen(program.call('getpid', []), when, () => program.call('getpid', []));
    });
    expect(data[75]).toBe(mode);
  });

  test('tolerating any errno has 0xffff, and without a place no address to store at', () => {
    const { data, word } = one([], { tolerate: 'any' });
    expect(data.readUInt16LE(76)).toBe(0xffff);
    expect(word(64)).toBe(0n);
  });

  test('counts from the first index', () => {
    const program = new SyscallProgram();
    program.call('getpid', []);
    const options = { arch: 'x64', base: BASE, controlFd: 3, firstIndex: 0x8000 } as const;
    const { data } = assemble(program, options);
    expect(Buffer.from(data).readUInt16LE(72)).toBe(0x8000);
  });

  test('is followed at the end of the program by exit_group(0)', () => {
    const { word } = one([]);
    expect(word(SIZE)).toBe(BigInt(syscallNumber('exit_group', 'x64')));
    expect(word(SIZE + 8)).toBe(0n);
  });
});

describe('memory', () => {
  test('follows the operations, each block at a multiple of 16', () => {
    const { data, word } = one(['abc', bytes(Uint8Array.of(1, 2, 3)), space(20), words([7, 8])]);
    const addresses = [1, 2, 3, 4].map((index) => word(index * 8));
    const start = BigInt(DATA + 2 * SIZE);
    expect(addresses).toEqual([start, start + 16n, start + 32n, start + 64n]);
    expect(at(data, start, 4)).toBe('abc\0');
    expect(at(data, start + 16n, 3)).toBe('\x01\x02\x03');
    expect(at(data, start + 32n, 20)).toBe('\0'.repeat(20));
    expect(word(Number(start + 72n) - DATA)).toBe(8n);
  });

  test('has each string and each block once, however often they are used', () => {
    const shared = space(8);
    const { word } = one(['same', 'same', shared, shared, words(['same'])]);
    expect(word(8)).toBe(word(16));
    expect(word(24)).toBe(word(32));
    expect(word(Number(word(40)) - DATA)).toBe(word(8));
  });

  test('keeps blocks apart that only look the same', () => {
    const { word } = one([space(8), space(8)]);
    expect(word(8)).not.toBe(word(16));
  });

  test('is pointed into by places, loads and stores', () => {
    const block = words([1, 2, 3]);
    const { word } = one([block, place(block, 8), load(place(block, 16))], {
      storeAt: place(block, 8),
    });
    const start = word(8);
    expect([word(16), word(24), word(64)]).toEqual([start + 8n, start + 16n, start + 8n]);
  });

  test('holds structures that point to each other and to strings', () => {
    const inner = words(['text', null]);
    const { data, word } = one([words([inner, place(inner, 8)])]);
    const outer = Number(word(8)) - DATA;
    const found = word(outer);
    expect(word(outer + 8)).toBe(found + 8n);
    expect(at(data, word(Number(found) - DATA), 5)).toBe('text\0');
  });

  test('a result is loaded from its operation', () => {
    const { data, word } = assembled((program) => {
      const first = program.call('getpid', []);
      program.call('kill', [first, 9]);
    });
    expect(word(SIZE + 8)).toBe(BigInt(DATA + 56));
    expect(data[SIZE + 74]).toBe(1);
  });

  test('text is UTF-8', () => {
    const { data, word } = one(['Ä€']);
    expect(at(data, word(8), 6)).toBe(Buffer.from('Ä€\0').toString('latin1'));
  });
});

describe('a mistake in a program', () => {
  test('a string with a NUL byte', () => {
    expect(() => one(['a\0b'])).toThrow(
      '"a\\u0000b" has a NUL byte, which no C string can hold; remove it',
    );
  });

  test("the result of another program's operation", () => {
    const other = new SyscallProgram().call('openat', []);
    expect(() => one([other])).toThrow(
      'an argument is the result of openat, which is not in this program',
    );
  });

  test.each([Number.NaN, 0.5, 2 ** 60, 2n ** 64n, -(2n ** 63n) - 1n])(
    'the number %s, which 64 bits do not hold',
    (wrong) => {
      expect(() => one([wrong])).toThrow(
        `${wrong} is not a whole number of 64 bits; pass a bigint where a number is not exact`,
      );
    },
  );

  test('more operations than a failure record can tell apart', () => {
    const build = (program: SyscallProgram) => {
      for (let count = 0; count < 0x8000; count += 1) program.call('getpid', []);
    };
    expect(() => assembled(build)).toThrow(
      'a program has at most 32767 operations, this one 32768; run it as two',
    );
  });

  test('a skipped part that does not follow its operation', () => {
    const program = new SyscallProgram();
    const first = program.call('getpid', []);
    program.call('getuid', []);
    expect(() => program.skipWhen(first, 'zero', () => undefined)).toThrow(
      'the skipped part must follow getpid directly; append it first',
    );
  });
});
