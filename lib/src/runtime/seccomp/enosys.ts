/**
 * ENOSYS for system calls that are newer than the profile.
 *
 * A C library tries a new call and falls back on an old one when the kernel answers ENOSYS. A
 * profile written before the call existed answers its default, usually EPERM, and the program
 * fails. So, as runc does, a prologue before the filter returns ENOSYS for every number above the
 * highest that the profile names for the architecture.
 */
import { ERRNO } from '../../sys/index.ts';
import { SECCOMP_RET_ERRNO } from './actions.ts';
import { assembleBpf, DATA_ARCH, DATA_NR, type Instruction } from './bpf.ts';

/** The highest system call that a profile names for one architecture of libseccomp. */
export interface LastCall {
  /** `SCMP_ARCH_*`: an AUDIT_ARCH_ value, but for x32, which the kernel reports as x86-64. */
  readonly architecture: number;
  readonly nr: number;
}

export const SCMP_ARCH_X86_64 = 0xc000_003e;
export const SCMP_ARCH_X32 = 0x4000_003e;
const X32_BIT = 0x4000_0000;

/** The prologue's bytes; the filter that follows starts where it falls through. */
export function enosysPrologue(lastCalls: readonly LastCall[]): Uint8Array {
  const sections = [
    ...lastCalls.filter(({ architecture }) => !isX86(architecture)).map(section),
    ...x86Sections(lastCalls),
  ];
  if (sections.length === 0) return new Uint8Array(0);
  return assembleBpf([
    { kind: 'load', offset: DATA_ARCH },
    ...sections.flat(),
    { kind: 'label', name: FILTER },
  ]);
}

const FILTER = 'filter';
const NEVER = 0xffff_ffff;

function isX86(architecture: number): boolean {
  return architecture === SCMP_ARCH_X86_64 || architecture === SCMP_ARCH_X32;
}

/** Other architectures fall through to the next section, with theirs still in the accumulator. */
function section({ architecture, nr }: LastCall): Instruction[] {
  const next = `after ${architecture}`;
  return [
    { kind: 'equal', value: architecture, no: next },
    { kind: 'load', offset: DATA_NR },
    { kind: 'greater', value: nr, no: FILTER },
    { kind: 'return', value: SECCOMP_RET_ERRNO + ERRNO.ENOSYS },
    { kind: 'label', name: next },
  ];
}

/** x86-64 and x32 are one architecture to the kernel; a bit in the number tells them apart. */
function x86Sections(lastCalls: readonly LastCall[]): Instruction[][] {
  const last = (wanted: number): number | undefined =>
    lastCalls.find(({ architecture }) => architecture === wanted)?.nr;
  const [native, x32] = [last(SCMP_ARCH_X86_64), last(SCMP_ARCH_X32)];
  if (native === undefined && x32 === undefined) return [];
  return [
    [
      { kind: 'equal', value: SCMP_ARCH_X86_64, no: 'after x86' },
      { kind: 'load', offset: DATA_NR },
      { kind: 'bits', value: X32_BIT, yes: 'x32' },
      { kind: 'greater', value: native ?? NEVER, yes: 'new', no: FILTER },
      { kind: 'label', name: 'x32' },
      { kind: 'greater', value: x32 ?? NEVER, no: FILTER },
      { kind: 'label', name: 'new' },
      { kind: 'return', value: SECCOMP_RET_ERRNO + ERRNO.ENOSYS },
      { kind: 'label', name: 'after x86' },
    ],
  ];
}
