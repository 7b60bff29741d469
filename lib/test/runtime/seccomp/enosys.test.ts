import { describe, expect, it } from 'vitest';
import {
  enosysPrologue,
  SCMP_ARCH_X32,
  SCMP_ARCH_X86_64,
} from '../../../src/runtime/seccomp/enosys.ts';
import { answer, AUDIT_ARCH_AARCH64, AUDIT_ARCH_I386, AUDIT_ARCH_X86_64 } from './interpreter.ts';

/** What a filter would be: one instruction that answers TRAP, to see what reaches it. */
const TRAP_FILTER = Buffer.from('0600000000000300', 'hex');
const X32 = 0x4000_0000;

function ask(prologue: Uint8Array, arch: number, nr: number): string {
  return answer(Buffer.concat([prologue, TRAP_FILTER]), { arch, nr });
}

describe('the prologue of a profile for one architecture', () => {
  const prologue = enosysPrologue([{ architecture: AUDIT_ARCH_AARCH64, nr: 441 }]);

  it.each([
    ['an old call', AUDIT_ARCH_AARCH64, 0, 'TRAP'],
    ['the newest call it names', AUDIT_ARCH_AARCH64, 441, 'TRAP'],
    ['a newer call', AUDIT_ARCH_AARCH64, 442, 'ERRNO(38)'],
    ['a number no kernel has', AUDIT_ARCH_AARCH64, 0xffff_ffff, 'ERRNO(38)'],
    ['another architecture', AUDIT_ARCH_I386, 442, 'TRAP'],
  ])('answers %s', (_what, arch, nr, expected) => {
    expect(ask(prologue, arch, nr)).toBe(expected);
  });
});

describe('the prologue of a profile for x86-64, x32 and i386', () => {
  const prologue = enosysPrologue([
    { architecture: SCMP_ARCH_X86_64, nr: 300 },
    { architecture: AUDIT_ARCH_I386, nr: 200 },
    { architecture: SCMP_ARCH_X32, nr: X32 + 100 },
  ]);

  it.each([
    ['x86-64', AUDIT_ARCH_X86_64, 300],
    ['i386', AUDIT_ARCH_I386, 200],
    ['x32', AUDIT_ARCH_X86_64, X32 + 100],
  ])('has a last call of its own for %s', (_name, arch, last) => {
    expect(ask(prologue, arch, last)).toBe('TRAP');
    expect(ask(prologue, arch, last + 1)).toBe('ERRNO(38)');
  });
});

describe('a prologue for x86-64 without x32, and the other way round', () => {
  it('leaves every x32 call to the filter, which refuses the architecture', () => {
    const prologue = enosysPrologue([{ architecture: SCMP_ARCH_X86_64, nr: 300 }]);
    expect(ask(prologue, AUDIT_ARCH_X86_64, X32 + 999)).toBe('TRAP');
    expect(ask(prologue, AUDIT_ARCH_X86_64, 301)).toBe('ERRNO(38)');
  });

  it('leaves every x86-64 call to the filter', () => {
    const prologue = enosysPrologue([{ architecture: SCMP_ARCH_X32, nr: X32 + 300 }]);
    expect(ask(prologue, AUDIT_ARCH_X86_64, 999)).toBe('TRAP');
    expect(ask(prologue, AUDIT_ARCH_X86_64, X32 + 301)).toBe('ERRNO(38)');
  });
});

it('a profile without calls has no prologue', () => {
  expect(enosysPrologue([])).toHaveLength(0);
});

it('twenty architectures fit into the reach of a jump', () => {
  const many = Array.from({ length: 20 }, (_, index) => ({ architecture: index + 1, nr: 10 }));
  expect(ask(enosysPrologue(many), 1, 11)).toBe('ERRNO(38)');
  expect(ask(enosysPrologue(many), 20, 10)).toBe('TRAP');
});
