/** Actions and operators of a profile as the numbers of seccomp(2) and seccomp.h. */
import type { SeccompAction, SeccompOperator } from '../../oci/index.ts';
import { ERRNO, SCMP_CMP } from '../../sys/index.ts';
import { SeccompError } from './errors.ts';

export const SECCOMP_RET_ERRNO = 0x0005_0000;

/** `SECCOMP_RET_*` (man 2 seccomp). The two that carry data have it in their low 16 bits. */
const ACTIONS: Record<SeccompAction, number> = {
  SCMP_ACT_KILL: 0,
  SCMP_ACT_KILL_THREAD: 0,
  SCMP_ACT_KILL_PROCESS: 0x8000_0000,
  SCMP_ACT_TRAP: 0x0003_0000,
  SCMP_ACT_ERRNO: SECCOMP_RET_ERRNO,
  SCMP_ACT_NOTIFY: 0x7fc0_0000,
  SCMP_ACT_TRACE: 0x7ff0_0000,
  SCMP_ACT_LOG: 0x7ffc_0000,
  SCMP_ACT_ALLOW: 0x7fff_0000,
};

const OPERATORS: Record<SeccompOperator, number> = {
  SCMP_CMP_NE: SCMP_CMP.NE,
  SCMP_CMP_LT: SCMP_CMP.LT,
  SCMP_CMP_LE: SCMP_CMP.LE,
  SCMP_CMP_EQ: SCMP_CMP.EQ,
  SCMP_CMP_GE: SCMP_CMP.GE,
  SCMP_CMP_GT: SCMP_CMP.GT,
  SCMP_CMP_MASKED_EQ: SCMP_CMP.MASKED_EQ,
};

/**
 * The value that the filter returns for an action; EPERM where the profile names no errno.
 *
 * @param at JSON pointers of the action and of its errno, for the error.
 * @throws SeccompError for an unknown action, or an errno that the action cannot carry
 * (config-linux.md, "Seccomp": the runtime MUST fail).
 */
export function actionValue(
  action: SeccompAction,
  errnoRet: number | undefined,
  at: { readonly action: string; readonly errno: string },
): number {
  const value = lookUp(ACTIONS, action, at.action, 'SECCOMP_ACTION');
  if (action === 'SCMP_ACT_ERRNO' || action === 'SCMP_ACT_TRACE') {
    return value + ((errnoRet ?? ERRNO.EPERM) & 0xffff);
  }
  if (errnoRet === undefined) return value;
  throw new SeccompError(
    'SECCOMP_ERRNO',
    at.errno,
    `${action} cannot return an errno; remove it, or use SCMP_ACT_ERRNO or SCMP_ACT_TRACE`,
  );
}

/** The `enum scmp_compare` of an operator. */
export function operatorValue(operator: SeccompOperator, pointer: string): number {
  return lookUp(OPERATORS, operator, pointer, 'SECCOMP_OPERATOR');
}

function lookUp(table: Record<string, number>, key: string, pointer: string, code: string): number {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  if (value !== undefined) return value;
  const known = Object.keys(table).join(', ');
  throw new SeccompError(
    code,
    pointer,
    `unknown value ${JSON.stringify(key)}; use one of ${known}`,
  );
}
