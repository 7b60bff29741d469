/**
 * The instructions of the kernel's eBPF machine that a device program is made of.
 *
 * Eight bytes each; r0 holds the answer at the end, r1 the context at the start. A jump says how many
 * instructions it passes over, counted from the next one; it never goes back, so a program always ends.
 * bpf(2); kernel: bpf/standardization/instruction-set.rst.
 */

/** class | source | operation, from instruction-set.rst; K takes a constant, X a register. */
export const BPF = {
  loadWord: 0x61, // LDX | MEM | W
  move: 0xb7, // ALU64 | MOV | K
  moveRegister: 0xbf, // ALU64 | MOV | X
  and: 0x57, // ALU64 | AND | K
  andRegister: 0x5f, // ALU64 | AND | X
  or: 0x47, // ALU64 | OR | K
  xor: 0xa7, // ALU64 | XOR | K
  shiftRight: 0x77, // ALU64 | RSH | K
  jumpNotEqual32: 0x56, // JMP32 | JNE | K: device numbers are unsigned, constants are not
  jumpEqual: 0x15, // JMP | JEQ | K
  exit: 0x95,
} as const;

/** The bytes of one instruction. */
export type BpfInstruction = readonly number[];

const INSTRUCTION_BYTES = 8;

/** struct bpf_insn, little-endian: u8 code, u4 dst, u4 src, s16 offset, s32 constant. */
export function bpfInstruction(
  code: number,
  destination: number,
  source: number,
  offset: number,
  constant: number,
): BpfInstruction {
  const bytes = new DataView(new ArrayBuffer(INSTRUCTION_BYTES));
  bytes.setUint8(0, code);
  bytes.setUint8(1, destination | (source << 4));
  bytes.setInt16(2, offset, true);
  bytes.setInt32(4, constant | 0, true);
  return [...new Uint8Array(bytes.buffer)];
}
