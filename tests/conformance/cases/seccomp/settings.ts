// config-linux.md, seccomp: architectures, flags, and values that do not exist.

import type { Case } from '../../harness/case.ts';
import { SECCOMP, TRY_MKDIR, profile, rule } from './profile.ts';

export const settingsCases: Case[] = [
  {
    section: SECCOMP,
    title: 'architectures beside the native one are accepted',
    config: {
      ...profile(rule('SCMP_ACT_ERRNO')),
      '/linux/seccomp/architectures': ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
    },
    script: TRY_MKDIR,
    prints: /Operation not permitted\n1$/,
  },
  ...['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW', 'SECCOMP_FILTER_FLAG_TSYNC'].map(
    (flag): Case => {
      return {
        section: SECCOMP,
        title: `the flag ${flag} is accepted`,
        config: { ...profile(rule('SCMP_ACT_ERRNO')), '/linux/seccomp/flags': [flag] },
        script: TRY_MKDIR,
        prints: /Operation not permitted\n1$/,
      };
    },
  ),
  {
    section: SECCOMP,
    title: 'a flag that does not exist is refused',
    config: { ...profile(rule('SCMP_ACT_ERRNO')), '/linux/seccomp/flags': ['FLAG_NOTHING'] },
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'an action that does not exist is refused',
    config: profile(rule('SCMP_ACT_NOTHING')),
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'a defaultAction that does not exist is refused',
    config: { '/linux/seccomp': { defaultAction: 'SCMP_ACT_NOTHING' } },
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'an architecture that does not exist is refused',
    config: {
      ...profile(rule('SCMP_ACT_ERRNO')),
      '/linux/seccomp/architectures': ['SCMP_ARCH_ABACUS'],
    },
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'an operator that does not exist is refused',
    config: profile({
      names: ['kill'],
      action: 'SCMP_ACT_ERRNO',
      args: [{ index: 1, value: 18, op: 'SCMP_CMP_LIKE' }],
    }),
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'a rule without names is refused',
    config: profile({ names: [], action: 'SCMP_ACT_ERRNO' }),
    refused: true,
  },
  {
    section: SECCOMP,
    title: 'an errnoRet with an action that has none is refused',
    since: '1.1',
    config: profile(rule('SCMP_ACT_KILL', { errnoRet: 1 })),
    refused: true,
  },
];
