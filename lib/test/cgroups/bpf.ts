/**
 * Just enough of the kernel's eBPF machine to run a device program in a test.
 *
 * Written from instruction-set.rst, independently of the assembler, and strict: whatever it does
 * not know, the verifier's business included (running off the end, jumping out), throws.
 */

export interface DeviceAccess {
  readonly type: 'c' | 'b';
  readonly major: number;
  readonly minor: number;
  /** Any of `r`, `w`, `m`. */
  readonly access: string;
}

/** What the program answers: may the access go on? */
export function runDeviceProgram(program: Uint8Array, wanted: DeviceAccess): boolean {
  const code = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const context = contextOf(wanted);
  const registers: bigint[] = Array.from({ length: 11 }, () => 0n);
  for (let at = 0; at * 8 < code.byteLength; at += 1) {
    const op = code.getUint8(at * 8);
    const byte = code.getUint8(at * 8 + 1);
    const [dst, src] = [byte & 15, byte >> 4];
    const offset = code.getInt16(at * 8 + 2, true);
    const constant = BigInt(code.getInt32(at * 8 + 4, true));
    const value = registers[dst] ?? 0n;
    const operand = op & 8 ? (registers[src] ?? 0n) : constant;
    if (op === 0x95) return registers[0] === 1n;
    if (op === 0x61) registers[dst] = BigInt(context.getUint32(offset, true));
    else if ((op & 7) === 7) registers[dst] = arithmetic(op & 0xf0, value, operand);
    else if ((op & 7) === 5 || (op & 7) === 6) {
      const bits = (op & 7) === 6 ? 32 : 64;
      if (jumps(op & 0xf0, BigInt.asUintN(bits, value), BigInt.asUintN(bits, operand)))
        at += offset;
    } else throw new Error(`unknown instruction ${op.toString(16)} at ${at}`);
  }
  throw new Error('ran off the end');
}

function contextOf({ type, major, minor, access }: DeviceAccess): DataView {
  const bits = { m: 1, r: 2, w: 4 };
  const wanted = Array.from(access).reduce((sum, x) => sum | bits[x as keyof typeof bits], 0);
  const context = new DataView(new ArrayBuffer(12));
  context.setUint32(0, (wanted << 16) | { b: 1, c: 2 }[type], true);
  context.setUint32(4, major, true);
  context.setUint32(8, minor, true);
  return context;
}

function arithmetic(operation: number, value: bigint, operand: bigint): bigint {
  switch (operation) {
    case 0x40:
      return BigInt.asUintN(64, value | operand);
    case 0x50:
      return BigInt.asUintN(64, value & BigInt.asUintN(64, operand));
    case 0x70:
      return value >> operand;
    case 0xa0:
      return BigInt.asUintN(64, value ^ BigInt.asUintN(64, operand));
    case 0xb0:
      return BigInt.asUintN(64, operand);
    default:
      throw new Error(`unknown operation ${operation.toString(16)}`);
  }
}

function jumps(operation: number, value: bigint, operand: bigint): boolean {
  if (operation === 0x10) return value === operand;
  if (operation === 0x50) return value !== operand;
  throw new Error(`unknown jump ${operation.toString(16)}`);
}
