/**
 * Runs a seccomp filter as the kernel would, for tests: the classic BPF that libseccomp writes.
 *
 * An instruction that seccomp(2) does not allow, a jump past the end and a missing return are
 * errors, so a test that runs a broken filter fails.
 */

/** `struct seccomp_data` (man 2 seccomp). */
export interface Call {
  readonly nr: number;
  /** An AUDIT_ARCH_ value. */
  readonly arch: number;
  readonly args?: readonly (number | bigint)[];
}

export const AUDIT_ARCH_X86_64 = 0xc000_003e;
export const AUDIT_ARCH_I386 = 0x4000_0003;
export const AUDIT_ARCH_AARCH64 = 0xc000_00b7;

/** The filter's answer in words, such as `ALLOW`, `ERRNO(38)`, `KILL_THREAD`. */
export function answer(filter: Uint8Array, call: Call): string {
  return actionName(run(filter, call));
}

/** The value that the filter returns. */
function run(filter: Uint8Array, call: Call): number {
  const code = new DataView(filter.buffer, filter.byteOffset, filter.byteLength);
  const data = encodeCall(call);
  let accumulator = 0;
  for (let pc = 0; ; pc += 1) {
    const at = pc * 8;
    const opcode = code.getUint16(at, true);
    const [jumpTrue, jumpFalse] = [code.getUint8(at + 2), code.getUint8(at + 3)];
    const k = code.getUint32(at + 4, true);
    const test = TESTS[opcode];
    if (test !== undefined) pc += test(accumulator, k) ? jumpTrue : jumpFalse;
    else if (opcode === LOAD) accumulator = data.getUint32(k, true);
    else if (opcode === JUMP) pc += k;
    else if (opcode === AND) accumulator = (accumulator & k) >>> 0;
    else if (opcode === RETURN) return k;
    else throw new TypeError(`instruction ${pc} has the code 0x${opcode.toString(16)}`);
  }
}

const LOAD = 0x20;
const JUMP = 0x05;
const AND = 0x54;
const RETURN = 0x06;

const TESTS: Record<number, (accumulator: number, k: number) => boolean> = {
  0x15: (accumulator, k) => accumulator === k,
  0x25: (accumulator, k) => accumulator > k,
  0x35: (accumulator, k) => accumulator >= k,
  0x45: (accumulator, k) => (accumulator & k) !== 0,
};

function encodeCall({ nr, arch, args = [] }: Call): DataView {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, nr, true);
  data.setUint32(4, arch, true);
  for (const [index, value] of args.entries()) {
    data.setBigUint64(16 + index * 8, BigInt.asUintN(64, BigInt(value)), true);
  }
  return data;
}

const ACTIONS: Record<number, string> = {
  0x8000: 'KILL_PROCESS',
  0x0000: 'KILL_THREAD',
  0x0003: 'TRAP',
  0x0005: 'ERRNO',
  0x7fc0: 'NOTIFY',
  0x7ff0: 'TRACE',
  0x7ffc: 'LOG',
  0x7fff: 'ALLOW',
};

function actionName(value: number): string {
  const name = ACTIONS[value >>> 16] ?? `0x${value.toString(16)}`;
  return name === 'ERRNO' || name === 'TRACE' ? `${name}(${value & 0xffff})` : name;
}
