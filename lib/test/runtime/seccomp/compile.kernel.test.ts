/** Whole profiles through the installed libseccomp, run by an interpreter; needs x86-64. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LinuxSeccomp, LinuxSyscall, SeccompOperator } from '../../../src/oci/index.ts';
import { compileSeccomp } from '../../../src/runtime/seccomp/index.ts';
import { compiled } from './compiled.ts';
import { answer, AUDIT_ARCH_AARCH64, AUDIT_ARCH_I386, AUDIT_ARCH_X86_64 } from './interpreter.ts';

const fixture = new URL('../../../../tests/fixtures/seccomp-default.json', import.meta.url);
const dockerDefault = JSON.parse(readFileSync(fixture, 'utf8')) as LinuxSeccomp;

/** What the filter of a profile answers to a call on x86-64. */
function ask(seccomp: LinuxSeccomp, nr: number, ...args: (number | bigint)[]): string {
  return answer(compiled(seccomp).filter, { arch: AUDIT_ARCH_X86_64, nr, args });
}

/** Numbers of syscall_64.tbl. */
const READ = 0;
const SOCKET = 41;
const CLONE = 56;
const CHMOD = 90;
const PERSONALITY = 135;
const MOUNT = 165;
const CLONE3 = 435;

describe('actions', () => {
  it.each([
    ['SCMP_ACT_ALLOW', 'ALLOW'],
    ['SCMP_ACT_LOG', 'LOG'],
    ['SCMP_ACT_TRACE', 'TRACE(1)'],
    ['SCMP_ACT_TRAP', 'TRAP'],
    ['SCMP_ACT_ERRNO', 'ERRNO(1)'],
    ['SCMP_ACT_KILL', 'KILL_THREAD'],
    ['SCMP_ACT_KILL_THREAD', 'KILL_THREAD'],
    ['SCMP_ACT_KILL_PROCESS', 'KILL_PROCESS'],
  ] as const)('%s, as the default and as a rule', (action, expected) => {
    expect(ask({ defaultAction: action, syscalls: [] }, READ)).toBe(expected);
    const other = action === 'SCMP_ACT_TRAP' ? 'SCMP_ACT_ALLOW' : 'SCMP_ACT_TRAP';
    expect(ask({ defaultAction: other, syscalls: [{ names: ['read'], action }] }, READ)).toBe(
      expected,
    );
  });

  it('SCMP_ACT_NOTIFY asks for a listener', () => {
    const result = compiled({
      defaultAction: 'SCMP_ACT_ALLOW',
      listenerPath: '/run/agent.sock',
      syscalls: [{ names: ['chmod'], action: 'SCMP_ACT_NOTIFY' }],
    });
    expect(answer(result.filter, { arch: AUDIT_ARCH_X86_64, nr: CHMOD })).toBe('NOTIFY');
    expect(result).toMatchObject({ notify: true, flags: 4 + 8 });
  });
});

describe('conditions', () => {
  const big = 2n ** 40n;
  const rule = (args: LinuxSyscall['args']): LinuxSeccomp => ({
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: [{ names: ['chmod'], action: 'SCMP_ACT_TRAP', ...(args && { args }) }],
  });

  it.each<[SeccompOperator, bigint[], bigint[]]>([
    ['SCMP_CMP_NE', [0n, big - 1n, big + 1n], [big]],
    ['SCMP_CMP_LT', [0n, big - 1n], [big, big + 1n]],
    ['SCMP_CMP_LE', [0n, big], [big + 1n]],
    ['SCMP_CMP_EQ', [big], [0n, big - 1n, big + 1n, big << 1n]],
    ['SCMP_CMP_GE', [big, big + 1n], [0n, big - 1n]],
    ['SCMP_CMP_GT', [big + 1n, 2n ** 64n - 1n], [0n, big]],
  ])('%s compares all 64 bits', (op, matching, others) => {
    const profile = rule([{ index: 1, op, value: big }]);
    for (const value of matching) expect(ask(profile, CHMOD, 0, value)).toBe('TRAP');
    for (const value of others) expect(ask(profile, CHMOD, 0, value)).toBe('ALLOW');
  });

  it('SCMP_CMP_MASKED_EQ compares the bits of `value` with `valueTwo`', () => {
    const profile = rule([{ index: 1, op: 'SCMP_CMP_MASKED_EQ', value: 0o7000, valueTwo: 0o4000 }]);
    expect(ask(profile, CHMOD, 0, 0o4755)).toBe('TRAP');
    expect(ask(profile, CHMOD, 0, 0o6755)).toBe('ALLOW');
  });

  it('different arguments must all match', () => {
    const profile = rule([
      { index: 0, op: 'SCMP_CMP_EQ', value: 1 },
      { index: 1, op: 'SCMP_CMP_EQ', value: 2 },
    ]);
    expect(ask(profile, CHMOD, 1, 2)).toBe('TRAP');
    expect(ask(profile, CHMOD, 1, 3)).toBe('ALLOW');
  });

  it('one of several comparisons of an argument is enough', () => {
    const profile = rule([
      { index: 0, op: 'SCMP_CMP_EQ', value: 1 },
      { index: 0, op: 'SCMP_CMP_EQ', value: 2 },
    ]);
    expect(ask(profile, CHMOD, 1)).toBe('TRAP');
    expect(ask(profile, CHMOD, 2)).toBe('TRAP');
    expect(ask(profile, CHMOD, 3)).toBe('ALLOW');
  });
});

describe('architectures', () => {
  const filterFor = (architectures: LinuxSeccomp['architectures']): Uint8Array =>
    compiled({
      defaultAction: 'SCMP_ACT_ALLOW',
      ...(architectures && { architectures }),
      syscalls: [{ names: ['chmod'], action: 'SCMP_ACT_TRAP' }],
    }).filter;

  it('the machine’s own is always there; one that is not listed is killed', () => {
    expect(answer(filterFor([]), { arch: AUDIT_ARCH_X86_64, nr: CHMOD })).toBe('TRAP');
    expect(answer(filterFor([]), { arch: AUDIT_ARCH_I386, nr: READ })).toBe('KILL_THREAD');
  });

  it('a listed one has its own numbers', () => {
    const filter = filterFor(['SCMP_ARCH_X86', 'SCMP_ARCH_AARCH64']);
    expect(answer(filter, { arch: AUDIT_ARCH_I386, nr: 15 })).toBe('TRAP');
    expect(answer(filter, { arch: AUDIT_ARCH_I386, nr: CHMOD })).toBe('ALLOW');
    expect(answer(filter, { arch: AUDIT_ARCH_AARCH64, nr: CHMOD })).toBe('ALLOW');
  });

  it('one that this machine’s filters cannot hold is an error that names it', () => {
    expect(() => filterFor(['SCMP_ARCH_X86', 'SCMP_ARCH_S390X'])).toThrow(
      /^\/linux\/seccomp\/architectures\/1: SCMP_ARCH_S390X cannot be in a filter here; /,
    );
  });
});

describe('names that are no system call', () => {
  it('are left out and told', () => {
    const names = ['chmod', 'frobnicate', 'frobnicate'];
    const result = compiled({
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names, action: 'SCMP_ACT_TRAP' }],
    });
    expect(result.unknown).toEqual(['frobnicate']);
    expect(answer(result.filter, { arch: AUDIT_ARCH_X86_64, nr: CHMOD })).toBe('TRAP');
  });
});

describe('calls newer than the profile', () => {
  const names = ['read', 'chmod'];

  it('get ENOSYS where the default refuses', () => {
    const rules: LinuxSyscall[] = [{ names, action: 'SCMP_ACT_ALLOW' }];
    for (const defaultAction of ['SCMP_ACT_ERRNO', 'SCMP_ACT_KILL', 'SCMP_ACT_TRAP'] as const) {
      expect(ask({ defaultAction, syscalls: rules }, CHMOD + 1)).toBe('ERRNO(38)');
      expect(ask({ defaultAction, syscalls: rules }, CHMOD - 1)).not.toBe('ERRNO(38)');
    }
  });

  it('get the default where it lets calls through', () => {
    const rules: LinuxSyscall[] = [{ names, action: 'SCMP_ACT_TRAP' }];
    for (const defaultAction of ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_TRACE'] as const) {
      expect(ask({ defaultAction, syscalls: rules }, CHMOD + 1)).not.toBe('ERRNO(38)');
    }
  });
});

describe("Docker's default profile", () => {
  it.each<[string, string, number, number[]]>([
    ['read', 'ALLOW', READ, []],
    ['mount', 'ERRNO(1)', MOUNT, []],
    ['clone of a thread', 'ALLOW', CLONE, [0x3d_0f00]],
    ['clone of a user namespace', 'ERRNO(1)', CLONE, [0x1000_0011]],
    ['clone3, whose flags are behind a pointer', 'ERRNO(38)', CLONE3, []],
    ['a socket of vsock', 'ERRNO(1)', SOCKET, [40]],
    ['a socket of the internet', 'ALLOW', SOCKET, [2]],
    ['the usual personality', 'ALLOW', PERSONALITY, [0xffff_ffff]],
    ['a personality without address randomisation', 'ERRNO(1)', PERSONALITY, [0x40000]],
    ['a call of the future', 'ERRNO(38)', 999, []],
  ])('%s: %s', (_what, expected, nr, args) => {
    expect(ask(dockerDefault, nr, ...args)).toBe(expected);
  });

  it('fits into what the kernel takes', () => {
    expect(compiled(dockerDefault).filter.length / 8).toBeLessThan(4096);
  });
});

it.each([{}, { defaultAction: '' }, { syscalls: [] }])('%j is no profile at all', (section) => {
  expect(compileSeccomp(section as unknown as LinuxSeccomp)).toBeUndefined();
});
