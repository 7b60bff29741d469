// Profiles for the seccomp cases, and how a script notices them.

import type { Mutation } from '../../harness/case.ts';

export const SECCOMP = 'config-linux.md#configLinuxSeccomp';

export const MKDIR = ['mkdir', 'mkdirat'];

/** A profile that allows all but these rules. */
export function profile(...syscalls: object[]): Mutation {
  return { '/linux/seccomp': { defaultAction: 'SCMP_ACT_ALLOW', syscalls } };
}

export function rule(action: string, more: object = {}): object {
  return { names: MKDIR, action, ...more };
}

export const TRY_MKDIR = 'mkdir /made 2>&1; echo $?';
