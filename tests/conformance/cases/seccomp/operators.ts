// config-linux.md, seccomp: conditions on arguments.

import type { Case } from '../../harness/case.ts';
import { SECCOMP, profile } from './profile.ts';

/** Sends three harmless signals to the shell itself and says which the filter denies. */
const TRY_KILL = 'for s in 17 18 23; do kill -$s $$ 2>/dev/null || echo -n "$s "; done; echo';

function operator(op: string, value: number, denied: string, valueTwo?: number): Case {
  const arg = { index: 1, value, op, ...(valueTwo === undefined ? {} : { valueTwo }) };
  return {
    section: SECCOMP,
    title: `args: ${op}`,
    config: profile({ names: ['kill'], action: 'SCMP_ACT_ERRNO', args: [arg] }),
    script: TRY_KILL,
    prints: denied,
  };
}

export const operatorsCases: Case[] = [
  operator('SCMP_CMP_EQ', 18, '18'),
  operator('SCMP_CMP_NE', 18, '17 23'),
  operator('SCMP_CMP_LT', 18, '17'),
  operator('SCMP_CMP_LE', 18, '17 18'),
  operator('SCMP_CMP_GE', 18, '18 23'),
  operator('SCMP_CMP_GT', 18, '23'),
  operator('SCMP_CMP_MASKED_EQ', 3, '18', 2),
  {
    section: SECCOMP,
    title: 'args: all conditions of an entry must hold',
    config: profile({
      names: ['kill'],
      action: 'SCMP_ACT_ERRNO',
      args: [
        { index: 0, value: 1, op: 'SCMP_CMP_EQ' },
        { index: 1, value: 18, op: 'SCMP_CMP_EQ' },
      ],
    }),
    script: `sleep 5 & kill -18 $! && echo other; ${TRY_KILL}; kill -9 $!`,
    prints: 'other\n18',
  },
  {
    section: SECCOMP,
    title: 'args: one of two entries is enough',
    config: profile(
      ...[17, 23].map((value) => ({
        names: ['kill'],
        action: 'SCMP_ACT_ERRNO',
        args: [{ index: 1, value, op: 'SCMP_CMP_EQ' }],
      })),
    ),
    script: TRY_KILL,
    prints: '17 23',
  },
];
