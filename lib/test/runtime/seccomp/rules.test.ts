import { describe, expect, it } from 'vitest';
import type { LinuxSeccomp, LinuxSeccompArg, LinuxSyscall } from '../../../src/oci/index.ts';
import { filterFlags } from '../../../src/runtime/seccomp/flags.ts';
import { planRules } from '../../../src/runtime/seccomp/rules.ts';

const ALLOW = 0x7fff_0000;
const ERRNO = 0x0005_0000;
const WAIT = 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV';
const NOTIFY: LinuxSyscall = { names: ['mkdir'], action: 'SCMP_ACT_NOTIFY' };

function rules(...syscalls: LinuxSyscall[]): ReturnType<typeof planRules> {
  return planRules({ defaultAction: 'SCMP_ACT_ERRNO', syscalls });
}

const compare = (
  index: number,
  op: LinuxSeccompArg['op'],
  value: number | bigint,
): LinuxSeccompArg => ({ index, op, value });

describe('entries as rules', () => {
  it('makes one rule for each name, with the pointer of its entry', () => {
    const planned = rules({ names: ['read', 'write'], action: 'SCMP_ACT_ALLOW' });
    expect(planned.map(({ name, action, pointer }) => [name, action, pointer])).toEqual([
      ['read', ALLOW, '/linux/seccomp/syscalls/0'],
      ['write', ALLOW, '/linux/seccomp/syscalls/0'],
    ]);
  });

  it('leaves out a rule that only repeats the default', () => {
    const planned = rules(
      { names: ['read'], action: 'SCMP_ACT_ERRNO', errnoRet: 1 },
      { names: ['open'], action: 'SCMP_ACT_ERRNO', errnoRet: 2 },
    );
    expect(planned.map(({ name }) => name)).toEqual(['open']);
  });

  it('gives EPERM for an errno that a rule does not name, whatever the default names', () => {
    const planned = planRules({
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 38,
      syscalls: [
        { names: ['read'], action: 'SCMP_ACT_ERRNO' },
        { names: ['open'], action: 'SCMP_ACT_ERRNO', errnoRet: 0 },
      ],
    });
    expect(planned.map(({ action }) => action)).toEqual([ERRNO + 1, ERRNO]);
  });
});

describe('conditions', () => {
  it('must hold together when they are about different arguments', () => {
    const args = [compare(0, 'SCMP_CMP_EQ', 1), compare(1, 'SCMP_CMP_GT', 2)];
    const planned = rules({ names: ['read'], action: 'SCMP_ACT_ALLOW', args });
    expect(planned.map(({ conditions }) => conditions)).toEqual([
      [
        { index: 0, op: 4, a: 1n, b: 0n },
        { index: 1, op: 6, a: 2n, b: 0n },
      ],
    ]);
  });

  it('are rules of their own as soon as two are about one argument', () => {
    const args = [
      compare(0, 'SCMP_CMP_EQ', 1),
      compare(0, 'SCMP_CMP_EQ', 2),
      compare(1, 'SCMP_CMP_EQ', 3),
    ];
    const planned = rules({ names: ['read'], action: 'SCMP_ACT_ALLOW', args });
    expect(planned.map(({ conditions }) => conditions.map(({ a }) => a))).toEqual([
      [1n],
      [2n],
      [3n],
    ]);
  });

  it('keep all 64 bits, and the mask apart from the value', () => {
    const arg = { index: 5, op: 'SCMP_CMP_MASKED_EQ', value: 2n ** 64n - 1n, valueTwo: 7 } as const;
    const planned = rules({ names: ['read'], action: 'SCMP_ACT_ALLOW', args: [arg] });
    expect(planned[0]?.conditions).toEqual([{ index: 5, op: 7, a: 2n ** 64n - 1n, b: 7n }]);
  });
});

describe('flags', () => {
  const flagsOf = (seccomp: Partial<LinuxSeccomp>): number =>
    filterFlags({ defaultAction: 'SCMP_ACT_ALLOW', ...seccomp });

  it.each<[string, Partial<LinuxSeccomp>, number]>([
    ['none given: SPEC_ALLOW', {}, 4],
    ['an empty list: none', { flags: [] }, 0],
    ['LOG alone', { flags: ['SECCOMP_FILTER_FLAG_LOG'] }, 2],
    [
      'TSYNC, for a process of one thread: nothing',
      { flags: ['SECCOMP_FILTER_FLAG_TSYNC', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW'] },
      4,
    ],
    ['WAIT_KILLABLE_RECV without a listener: nothing', { flags: [WAIT] }, 0],
    ['a listener', { flags: [], syscalls: [NOTIFY] }, 8],
    ['WAIT_KILLABLE_RECV with a listener', { flags: [WAIT], syscalls: [NOTIFY] }, 8 + 32],
  ])('%s', (_what, seccomp, expected) => {
    expect(flagsOf(seccomp)).toBe(expected);
  });
});
