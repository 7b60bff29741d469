/** A profile's `syscalls` as single rules: one name, one action, conditions that must all hold. */
import type { LinuxSeccomp, LinuxSeccompArg, LinuxSyscall } from '../../oci/index.ts';
import type { ScmpCondition } from '../../sys/index.ts';
import { actionValue, operatorValue } from './actions.ts';
import { SECCOMP_POINTER, SeccompError } from './errors.ts';

export interface Rule {
  readonly name: string;
  /** What the filter returns, see seccomp(2). */
  readonly action: number;
  readonly conditions: readonly ScmpCondition[];
  /** JSON pointer of the profile's entry. */
  readonly pointer: string;
}

/** What the filter returns for a call that no rule matches. */
export function defaultActionValue(seccomp: LinuxSeccomp): number {
  return actionValue(seccomp.defaultAction, seccomp.defaultErrnoRet, {
    action: `${SECCOMP_POINTER}/defaultAction`,
    errno: `${SECCOMP_POINTER}/defaultErrnoRet`,
  });
}

/**
 * All rules of a profile, in its order, without those that only repeat the default action.
 *
 * @throws SeccompError that names the first part which makes no rule.
 */
export function planRules(seccomp: LinuxSeccomp): Rule[] {
  const defaultAction = defaultActionValue(seccomp);
  return (seccomp.syscalls ?? [])
    .flatMap((entry, index) => entryRules(entry, `${SECCOMP_POINTER}/syscalls/${index}`))
    .filter(({ action }) => action !== defaultAction);
}

function entryRules(entry: LinuxSyscall, pointer: string): Rule[] {
  const action = actionValue(entry.action, entry.errnoRet, {
    action: `${pointer}/action`,
    errno: `${pointer}/errnoRet`,
  });
  const alternatives = conditionSets(entry.args ?? [], pointer);
  if (entry.names.length === 0) {
    throw new SeccompError('SECCOMP_NAMES', `${pointer}/names`, 'name at least one system call');
  }
  return entry.names.flatMap((name, index) => {
    if (name === '') {
      const at = `${pointer}/names/${index}`;
      throw new SeccompError('SECCOMP_NAMES', at, 'an empty name is no system call; remove it');
    }
    return alternatives.map((conditions) => ({ name, action, conditions, pointer }));
  });
}

/**
 * The conditions of an entry, of which one set must hold as a whole.
 *
 * The kernel's filter can look at an argument once for each rule. Where a profile compares one
 * argument several times, runc makes every comparison a rule of its own, so any may hold.
 */
function conditionSets(args: readonly LinuxSeccompArg[], pointer: string): ScmpCondition[][] {
  const conditions = args.map((arg, index) => condition(arg, `${pointer}/args/${index}`));
  const compared = new Set(conditions.map(({ index }) => index));
  return compared.size < conditions.length ? conditions.map((one) => [one]) : [conditions];
}

function condition(arg: LinuxSeccompArg, pointer: string): ScmpCondition {
  if (!Number.isInteger(arg.index) || arg.index < 0 || arg.index > 5) {
    const message = `a system call has arguments 0 to 5, not ${arg.index}`;
    throw new SeccompError('SECCOMP_ARGUMENT', `${pointer}/index`, message);
  }
  return {
    index: arg.index,
    op: operatorValue(arg.op, `${pointer}/op`),
    a: BigInt.asUintN(64, BigInt(arg.value)),
    b: BigInt.asUintN(64, BigInt(arg.valueTwo ?? 0)),
  };
}
