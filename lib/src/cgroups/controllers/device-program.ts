/**
 * Ordered device rules as a program for the kernel: version 2 has no device files.
 *
 * On each open or mknod of a device the kernel runs every BPF_PROG_TYPE_CGROUP_DEVICE program of
 * the cgroup and its ancestors on `{ u32 access << 16 | type; u32 major; u32 minor; }` and goes on
 * only if all return 1. Ours replays the rules: r6 collects the allowed accesses, each rule that
 * matches sets or clears its bits, and the end asks whether any wanted bit is missing. So "later
 * rules win" holds exactly, each access for itself, which version 1 cannot do.
 *
 * bpf(2); kernel: linux/bpf.h (struct bpf_cgroup_dev_ctx), bpf/standardization/instruction-set.rst.
 */
import { ALL_ACCESS } from './device-rules.ts';
import type { DeviceRule, DeviceStep } from './device-rules.ts';

/** class | source | operation, from instruction-set.rst; K takes a constant, X a register. */
const OP = {
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

/** BPF_DEVCG_DEV_BLOCK and _CHAR. */
const TYPE = { b: 1, c: 2 } as const;

/** r1 is the context. The others are ours to choose; r0 is the answer. */
const R = { answer: 0, context: 1, type: 2, access: 3, major: 4, minor: 5, allowed: 6 } as const;

const INSTRUCTION_BYTES = 8;

/** The bytes of the program for the rules, first to last, from "nothing is allowed". Pure. */
export function assembleDeviceProgram(steps: readonly DeviceStep[]): Uint8Array {
  const lastReset = steps.findLastIndex((step) => 'reset' in step);
  const reset = steps[lastReset];
  const start = reset !== undefined && 'reset' in reset && reset.reset ? ALL_ACCESS : 0;
  const rules = steps.slice(lastReset + 1).filter((step): step is DeviceRule => !('reset' in step));
  return Uint8Array.from([...prologue(start), ...rules.flatMap(ruleBlock), ...epilogue()].flat());
}

type Instruction = readonly number[];

function prologue(allowed: number): Instruction[] {
  return [
    instruction(OP.loadWord, R.type, R.context, 0, 0),
    instruction(OP.moveRegister, R.access, R.type, 0, 0),
    instruction(OP.and, R.type, 0, 0, 0xffff),
    instruction(OP.shiftRight, R.access, 0, 0, 16),
    instruction(OP.loadWord, R.major, R.context, 4, 0),
    instruction(OP.loadWord, R.minor, R.context, 8, 0),
    instruction(OP.move, R.allowed, 0, 0, allowed),
  ];
}

/** Three tests that jump past the block, then the change of the allowed accesses. */
function ruleBlock(rule: DeviceRule): Instruction[] {
  const tests: [register: number, value: number][] = [[R.type, TYPE[rule.type]]];
  if (rule.major !== undefined) tests.push([R.major, rule.major]);
  if (rule.minor !== undefined) tests.push([R.minor, rule.minor]);
  const jumps = tests.map(([register, value], index) =>
    instruction(OP.jumpNotEqual32, register, 0, tests.length - index, value),
  );
  const change = rule.allow
    ? instruction(OP.or, R.allowed, 0, 0, rule.access)
    : instruction(OP.and, R.allowed, 0, 0, ALL_ACCESS & ~rule.access);
  return [...jumps, change];
}

/** Allowed exactly if `wanted & ~allowed` is empty. */
function epilogue(): Instruction[] {
  return [
    instruction(OP.xor, R.allowed, 0, 0, ALL_ACCESS),
    instruction(OP.andRegister, R.access, R.allowed, 0, 0),
    instruction(OP.move, R.answer, 0, 0, 1),
    instruction(OP.jumpEqual, R.access, 0, 1, 0),
    instruction(OP.move, R.answer, 0, 0, 0),
    instruction(OP.exit, 0, 0, 0, 0),
  ];
}

/** struct bpf_insn, little-endian: u8 code, u4 dst, u4 src, s16 offset, s32 constant. */
function instruction(
  code: number,
  destination: number,
  source: number,
  offset: number,
  constant: number,
): Instruction {
  const bytes = new DataView(new ArrayBuffer(INSTRUCTION_BYTES));
  bytes.setUint8(0, code);
  bytes.setUint8(1, destination | (source << 4));
  bytes.setInt16(2, offset, true);
  bytes.setInt32(4, constant | 0, true);
  return [...new Uint8Array(bytes.buffer)];
}
