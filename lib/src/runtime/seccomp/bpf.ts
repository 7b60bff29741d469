/**
 * Classic BPF, as far as a prologue to a seccomp filter needs it: instructions with labels, and
 * their bytes as `struct sock_filter` (linux/filter.h: u16 code, u8 jt, u8 jf, u32 k).
 */

/** Size in bytes of an instruction. */
export const INSTRUCTION_SIZE = 8;

/** The most instructions that the kernel takes (BPF_MAXINSNS, linux/bpf_common.h). */
export const MAX_INSTRUCTIONS = 4096;

/** Offsets in `struct seccomp_data` (man 2 seccomp). */
export const DATA_NR = 0;
export const DATA_ARCH = 4;

/** Where a condition goes on: at a label, or (missing) at the next instruction. */
interface Targets {
  readonly yes?: string;
  readonly no?: string;
}

export type Instruction =
  | { readonly kind: 'label'; readonly name: string }
  | { readonly kind: 'load'; readonly offset: number }
  | ({ readonly kind: 'equal' | 'greater' | 'bits'; readonly value: number } & Targets)
  | { readonly kind: 'return'; readonly value: number };

/**
 * The bytes of a program.
 *
 * @throws RangeError for a condition that jumps back, or over more than 255 instructions.
 */
export function assembleBpf(program: readonly Instruction[]): Uint8Array {
  const labels = new Map<string, number>();
  let count = 0;
  for (const instruction of program) {
    if (instruction.kind === 'label') labels.set(instruction.name, count);
    else count += 1;
  }
  const view = new DataView(new ArrayBuffer(count * INSTRUCTION_SIZE));
  let index = 0;
  for (const instruction of program) {
    if (instruction.kind === 'label') continue;
    write(view, index, instruction, (label) => distance(labels, index, label));
    index += 1;
  }
  return new Uint8Array(view.buffer);
}

const BPF_LD_W_ABS = 0x20;
const BPF_JMP = { equal: 0x15, greater: 0x25, bits: 0x45 } as const;
const BPF_RET_K = 0x06;

function write(
  view: DataView,
  index: number,
  instruction: Exclude<Instruction, { kind: 'label' }>,
  jump: (label: string | undefined) => number,
): void {
  const at = index * INSTRUCTION_SIZE;
  switch (instruction.kind) {
    case 'load':
      view.setUint16(at, BPF_LD_W_ABS, true);
      view.setUint32(at + 4, instruction.offset, true);
      return;
    case 'return':
      view.setUint16(at, BPF_RET_K, true);
      view.setUint32(at + 4, instruction.value, true);
      return;
    default:
      view.setUint16(at, BPF_JMP[instruction.kind], true);
      view.setUint8(at + 2, jump(instruction.yes));
      view.setUint8(at + 3, jump(instruction.no));
      view.setUint32(at + 4, instruction.value, true);
  }
}

/** A jump counts from the instruction after it. */
function distance(
  labels: ReadonlyMap<string, number>,
  from: number,
  label: string | undefined,
): number {
  if (label === undefined) return 0;
  const jump = (labels.get(label) ?? -1) - from - 1;
  if (jump >= 0 && jump <= 255) return jump;
  throw new RangeError(`BPF instruction ${from} cannot jump to ${label}`);
}
