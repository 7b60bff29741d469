/** Profile to filter, by way of libseccomp: the slow way, taken when no cache has the answer. */
import type { LinuxSeccomp } from '../../oci/index.ts';
import {
  nativeScmpArchitecture,
  NR_SCMP_ERROR,
  resolveScmpArchitecture,
  resolveScmpSyscall,
  SCMP_FLTATR_CTL_OPTIMIZE,
  scmpApiLevel,
  ScmpFilter,
} from '../../sys/index.ts';
import { INSTRUCTION_SIZE, MAX_INSTRUCTIONS } from './bpf.ts';
import { enosysPrologue, type LastCall } from './enosys.ts';
import { SECCOMP_POINTER, SeccompError } from './errors.ts';
import { filterFlags, notifies } from './flags.ts';
import { defaultActionValue, planRules, type Rule } from './rules.ts';

/** A profile in the form that seccomp(2) takes. */
export interface CompiledSeccomp {
  /** `struct sock_filter[]`. */
  readonly filter: Uint8Array;
  /** SECCOMP_FILTER_FLAG_ bits, with NEW_LISTENER if `notify`. */
  readonly flags: number;
  /** seccomp(2) returns a listener, to be sent to the profile's `listenerPath`. */
  readonly notify: boolean;
  /** Names that are no system call here; left out, as runc does, since profiles name new ones. */
  readonly unknown: readonly string[];
}

/**
 * Compiles a profile for this machine's architecture and those that it lists.
 *
 * @throws SeccompError for a profile that makes no filter.
 */
export function buildFilter(seccomp: LinuxSeccomp): CompiledSeccomp {
  const rules = planRules(seccomp);
  const flags = filterFlags(seccomp);
  const native = nativeArchitecture();
  if (notifies(seccomp)) requireNotify();
  using filter = new ScmpFilter(defaultActionValue(seccomp));
  const architectures = addArchitectures(filter, seccomp);
  // A binary search by number instead of a list; the library fails at it if there are no rules.
  if (rules.length > 32) filter.setAttribute(SCMP_FLTATR_CTL_OPTIMIZE, 2);
  const unknown = addRules(filter, rules, native);
  const last = admitsNewCalls(seccomp)
    ? []
    : lastCalls(seccomp, new Set([native, ...architectures]));
  const program = join(enosysPrologue(last), filter.exportProgram());
  return { filter: program, flags, notify: notifies(seccomp), unknown };
}

function nativeArchitecture(): number {
  try {
    return nativeScmpArchitecture();
  } catch (cause) {
    const message = 'libseccomp.so.2 cannot be loaded; install the package libseccomp2';
    throw new SeccompError('SECCOMP_LIBRARY', SECCOMP_POINTER, message, { cause });
  }
}

function requireNotify(): void {
  const level = scmpApiLevel();
  if (level >= 6) return;
  throw new SeccompError(
    'SECCOMP_NOTIFY',
    SECCOMP_POINTER,
    `SCMP_ACT_NOTIFY needs libseccomp 2.5 and Linux 5.7 (API level 6, here ${level}); upgrade them`,
  );
}

function addArchitectures(filter: ScmpFilter, seccomp: LinuxSeccomp): number[] {
  return (seccomp.architectures ?? []).map((name, index) => {
    const pointer = `${SECCOMP_POINTER}/architectures/${index}`;
    const token = resolveScmpArchitecture(name.replace(/^SCMP_ARCH_/, '').toLowerCase());
    try {
      if (token === 0) throw new RangeError('the installed libseccomp does not know it');
      filter.addArchitecture(token);
      return token;
    } catch (cause) {
      const message = `${name} cannot be in a filter here; remove it (see cause)`;
      throw new SeccompError('SECCOMP_ARCHITECTURE', pointer, message, { cause });
    }
  });
}

/** Adds what can be added and returns the names that are no system calls. */
function addRules(filter: ScmpFilter, rules: readonly Rule[], native: number): string[] {
  const unknown = new Set<string>();
  for (const { name, action, conditions, pointer } of rules) {
    const nr = resolveScmpSyscall(name, native);
    if (nr === NR_SCMP_ERROR) {
      unknown.add(name);
      continue;
    }
    try {
      filter.addRule(action, nr, conditions);
    } catch (cause) {
      const message = `libseccomp refuses this rule for ${name}; see cause, and simplify its args`;
      throw new SeccompError('SECCOMP_RULE', pointer, message, { cause });
    }
  }
  return [...unknown];
}

/** Whether a call that the profile has never heard of reaches the kernel, which says ENOSYS itself. */
function admitsNewCalls({ defaultAction }: LinuxSeccomp): boolean {
  return ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_TRACE'].includes(defaultAction);
}

/** Rules that only repeat the default count too: their author knew the call. */
function lastCalls(seccomp: LinuxSeccomp, architectures: ReadonlySet<number>): LastCall[] {
  const names = new Set((seccomp.syscalls ?? []).flatMap((entry) => entry.names));
  return [...architectures]
    .map((architecture) => ({
      architecture,
      nr: Math.max(0, ...[...names].map((name) => resolveScmpSyscall(name, architecture))),
    }))
    .filter(({ nr }) => nr > 0);
}

function join(prologue: Uint8Array, program: Uint8Array): Uint8Array {
  const count = (prologue.length + program.length) / INSTRUCTION_SIZE;
  if (count > MAX_INSTRUCTIONS) {
    const message = `the filter has ${count} instructions, the kernel takes ${MAX_INSTRUCTIONS}; name fewer calls`;
    throw new SeccompError('SECCOMP_SIZE', SECCOMP_POINTER, message);
  }
  return Buffer.concat([prologue, program]);
}
