import { describe, expect, it } from 'vitest';
import type { LinuxSeccomp, LinuxSyscall } from '../../../src/oci/index.ts';
import { SeccompError } from '../../../src/runtime/seccomp/index.ts';
import { filterFlags } from '../../../src/runtime/seccomp/flags.ts';
import { checkListener } from '../../../src/runtime/seccomp/listener.ts';
import { planRules } from '../../../src/runtime/seccomp/rules.ts';

/** All that is checked before libseccomp is asked. */
function refusal(profile: unknown): string {
  const seccomp = profile as LinuxSeccomp;
  try {
    checkListener(seccomp);
    planRules(seccomp);
    filterFlags(seccomp);
  } catch (error) {
    if (error instanceof SeccompError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

const base: LinuxSeccomp = { defaultAction: 'SCMP_ACT_ERRNO' };
const read: LinuxSyscall = { names: ['read'], action: 'SCMP_ACT_ALLOW' };
const arg = { index: 0, value: 1, op: 'SCMP_CMP_EQ' } as const;

describe('a profile that makes no filter', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'an unknown default action',
      { defaultAction: 'SCMP_ACT_DENY' },
      /^SECCOMP_ACTION \/linux\/seccomp\/defaultAction: unknown value "SCMP_ACT_DENY"; use one of SCMP_ACT_KILL, /,
    ],
    [
      'an unknown action of an entry',
      { ...base, syscalls: [read, { ...read, action: 'toString' }] },
      /^SECCOMP_ACTION \/linux\/seccomp\/syscalls\/1\/action: unknown value "toString"/,
    ],
    [
      'an unknown operator',
      { ...base, syscalls: [{ ...read, args: [arg, { ...arg, op: 'EQ' }] }] },
      /^SECCOMP_OPERATOR \/linux\/seccomp\/syscalls\/0\/args\/1\/op: unknown value "EQ"; use one of SCMP_CMP_NE, /,
    ],
    [
      'a seventh argument',
      { ...base, syscalls: [{ ...read, args: [{ ...arg, index: 6 }] }] },
      /^SECCOMP_ARGUMENT \/linux\/seccomp\/syscalls\/0\/args\/0\/index: .*0 to 5, not 6$/,
    ],
    [
      'an entry without names',
      { ...base, syscalls: [{ ...read, names: [] }] },
      /^SECCOMP_NAMES \/linux\/seccomp\/syscalls\/0\/names: name at least one/,
    ],
    [
      'an empty name',
      { ...base, syscalls: [{ ...read, names: ['read', ''] }] },
      /^SECCOMP_NAMES \/linux\/seccomp\/syscalls\/0\/names\/1: /,
    ],
    [
      'an errno that the action cannot carry',
      { ...base, syscalls: [{ ...read, errnoRet: 1 }] },
      /^SECCOMP_ERRNO \/linux\/seccomp\/syscalls\/0\/errnoRet: SCMP_ACT_ALLOW cannot return an errno; /,
    ],
    [
      'an errno that the default action cannot carry',
      { defaultAction: 'SCMP_ACT_KILL_PROCESS', defaultErrnoRet: 1 },
      /^SECCOMP_ERRNO \/linux\/seccomp\/defaultErrnoRet: SCMP_ACT_KILL_PROCESS cannot/,
    ],
    [
      'an unknown flag',
      { ...base, flags: ['SECCOMP_FILTER_FLAG_LOG', 'NEW_LISTENER'] },
      /^SECCOMP_FLAG \/linux\/seccomp\/flags\/1: unknown flag "NEW_LISTENER"/,
    ],
  ])('%s', (_what, profile, message) => {
    expect(refusal(profile)).toMatch(message);
  });
});

describe('a profile that notifies an agent', () => {
  const listenerPath = '/run/agent.sock';
  const notify = (names: string[]): LinuxSyscall => ({ names, action: 'SCMP_ACT_NOTIFY' });

  it('is accepted with a listener', () => {
    const listenerMetadata = 'pod 7';
    const syscalls = [notify(['mkdir', 'read'])];
    expect(refusal({ ...base, listenerPath, listenerMetadata, syscalls })).toBe('accepted');
  });

  it.each<[string, unknown, RegExp]>([
    [
      'by default',
      { defaultAction: 'SCMP_ACT_NOTIFY', listenerPath },
      /^SECCOMP_NOTIFY \/linux\/seccomp\/defaultAction: SCMP_ACT_NOTIFY cannot be the default: /,
    ],
    [
      'of write',
      { ...base, listenerPath, syscalls: [read, notify(['mkdir', 'write'])] },
      /^SECCOMP_NOTIFY \/linux\/seccomp\/syscalls\/1\/names\/1: SCMP_ACT_NOTIFY cannot be used for write: /,
    ],
    [
      'without a listener',
      { ...base, syscalls: [notify(['mkdir'])] },
      /^SECCOMP_LISTENER \/linux\/seccomp\/listenerPath: /,
    ],
  ])('is refused when it notifies %s', (_what, profile, message) => {
    expect(refusal(profile)).toMatch(message);
  });

  it('is refused when it has metadata for a listener that it does not name', () => {
    expect(refusal({ ...base, listenerMetadata: 'x' })).toMatch(
      /^SECCOMP_LISTENER \/linux\/seccomp\/listenerMetadata: /,
    );
  });
});
