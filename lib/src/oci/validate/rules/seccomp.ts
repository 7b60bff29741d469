/** The seccomp filter: what libseccomp would refuse, and notifications that nobody could read. */
import type { RuntimeConfig } from '../../config.ts';
import type { LinuxSeccomp, SeccompAction } from '../../seccomp.ts';
import type { Report } from '../problem.ts';
import type { Rule } from './rule.ts';

const AT = '/linux/seccomp';

export const seccompRules: readonly Rule[] = [
  {
    reads: [AT],
    check({ linux }: RuntimeConfig, report: Report) {
      if (linux?.seccomp === undefined) return;
      checkDefault(linux.seccomp, report);
      checkSyscalls(linux.seccomp, report);
      checkListener(linux.seccomp, report);
    },
  },
];

function checkDefault(seccomp: Partial<LinuxSeccomp>, report: Report): void {
  const { defaultAction, defaultErrnoRet, syscalls = [] } = seccomp;
  const at = `${AT}/defaultAction`;
  if (defaultAction === undefined) {
    const next = 'Add it, for instance "SCMP_ACT_ERRNO".';
    if (syscalls.length > 0) report.error(at, undefined, 'an action', next);
    else report.warn(at, undefined, 'an action', 'The section is ignored: no filter is set.');
  } else if (defaultAction === 'SCMP_ACT_NOTIFY') {
    const next = 'Name the calls to be notified of in /linux/seccomp/syscalls.';
    const allowed = 'another action: the runtime itself could not go on';
    report.error(at, defaultAction, allowed, next);
  }
  checkErrno(defaultAction, defaultErrnoRet, `${AT}/defaultErrnoRet`, report);
}

function checkSyscalls({ syscalls = [] }: LinuxSeccomp, report: Report): void {
  for (const [index, { names, action, errnoRet }] of syscalls.entries()) {
    const at = `${AT}/syscalls/${index}`;
    if (names.length === 0) {
      const next = 'Name a system call, or remove the entry.';
      report.error(`${at}/names`, names, 'a list of at least one name', next);
    }
    const write = action === 'SCMP_ACT_NOTIFY' ? names.indexOf('write') : -1;
    if (write >= 0) {
      const next = 'Remove it from this entry.';
      const allowed = 'another call: the runtime writes while the filter is already in force';
      report.error(`${at}/names/${write}`, 'write', allowed, next);
    }
    checkErrno(action, errnoRet, `${at}/errnoRet`, report);
  }
}

/** Only these two hand a number to the program or its tracer. */
function checkErrno(
  action: SeccompAction | undefined,
  errno: number | undefined,
  at: string,
  report: Report,
): void {
  if (errno === undefined || action === undefined) return;
  if (action === 'SCMP_ACT_ERRNO' || action === 'SCMP_ACT_TRACE') return;
  const next = 'Remove it, or use SCMP_ACT_ERRNO or SCMP_ACT_TRACE.';
  report.error(at, errno, `absent with ${action}`, next);
}

function checkListener(seccomp: LinuxSeccomp, report: Report): void {
  const { listenerPath, listenerMetadata, syscalls = [] } = seccomp;
  const notify = syscalls.findIndex(({ action }) => action === 'SCMP_ACT_NOTIFY');
  if (notify >= 0 && listenerPath === undefined) {
    const next = `Add the agent's socket: /linux/seccomp/syscalls/${notify} uses SCMP_ACT_NOTIFY.`;
    report.error(`${AT}/listenerPath`, undefined, 'the path of a Unix socket', next);
  }
  if (listenerMetadata !== undefined && listenerPath === undefined) {
    const next = 'Add listenerPath, or remove it.';
    report.error(`${AT}/listenerMetadata`, listenerMetadata, 'absent without listenerPath', next);
  }
}
