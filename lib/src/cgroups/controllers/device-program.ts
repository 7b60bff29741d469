/**
 * Beginning and end of a device program: version 2 has no device files.
 *
 * On each open or mknod of a device the kernel runs every BPF_PROG_TYPE_CGROUP_DEVICE program of
 * the cgroup and its ancestors on `{ u32 access << 16 | type; u32 major; u32 minor; }` and goes on
 * only if all return 1. Ours replays the rules (parts/device-program.ts): a register collects the
 * allowed accesses, and the end asks whether any wanted bit is missing. So "later rules win" holds
 * exactly, each access for itself, which version 1 cannot do.
 *
 * Kernel: linux/bpf.h (struct bpf_cgroup_dev_ctx).
 */
import { BPF, bpfInstruction, type BpfInstruction } from './bpf.ts';
import { ALL_ACCESS } from './device-rules.ts';

/** BPF_DEVCG_DEV_BLOCK and _CHAR. */
export const DEVICE_TYPE = { b: 1, c: 2 } as const;

/** r1 is the context. The others are ours to choose; r0 is the answer. */
export const DEVICE_REGISTER = {
  answer: 0,
  context: 1,
  type: 2,
  access: 3,
  major: 4,
  minor: 5,
  allowed: 6,
} as const;

const R = DEVICE_REGISTER;

/** Takes the context apart into the registers; `allowed` (bits) is what holds before the first rule. */
export function devicePrologue(allowed: number): BpfInstruction[] {
  return [
    bpfInstruction(BPF.loadWord, R.type, R.context, 0, 0),
    bpfInstruction(BPF.moveRegister, R.access, R.type, 0, 0),
    bpfInstruction(BPF.and, R.type, 0, 0, 0xffff),
    bpfInstruction(BPF.shiftRight, R.access, 0, 0, 16),
    bpfInstruction(BPF.loadWord, R.major, R.context, 4, 0),
    bpfInstruction(BPF.loadWord, R.minor, R.context, 8, 0),
    bpfInstruction(BPF.move, R.allowed, 0, 0, allowed),
  ];
}

/** Allowed exactly if `wanted & ~allowed` is empty. */
export function deviceEpilogue(): BpfInstruction[] {
  return [
    bpfInstruction(BPF.xor, R.allowed, 0, 0, ALL_ACCESS),
    bpfInstruction(BPF.andRegister, R.access, R.allowed, 0, 0),
    bpfInstruction(BPF.move, R.answer, 0, 0, 1),
    bpfInstruction(BPF.jumpEqual, R.access, 0, 1, 0),
    bpfInstruction(BPF.move, R.answer, 0, 0, 0),
    bpfInstruction(BPF.exit, 0, 0, 0, 0),
  ];
}
