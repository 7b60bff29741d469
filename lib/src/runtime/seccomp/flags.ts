/** The flags that a filter is installed with (man 2 seccomp). */
import type { LinuxSeccomp } from '../../oci/index.ts';
import {
  SECCOMP_FILTER_FLAG_LOG,
  SECCOMP_FILTER_FLAG_NEW_LISTENER,
  SECCOMP_FILTER_FLAG_SPEC_ALLOW,
  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
} from '../../sys/index.ts';
import { SECCOMP_POINTER, SeccompError } from './errors.ts';

/** Whether any rule hands calls to the agent behind `listenerPath`. */
export function notifies(seccomp: LinuxSeccomp): boolean {
  return (seccomp.syscalls ?? []).some(({ action }) => action === 'SCMP_ACT_NOTIFY');
}

/**
 * The SECCOMP_FILTER_FLAG_ bits of a profile.
 *
 * No `flags` at all means SPEC_ALLOW, as in runc and crun: a filter is no reason to slow the
 * container down by the mitigation of speculative stores. An empty list means none.
 */
export function filterFlags(seccomp: LinuxSeccomp): number {
  const notify = notifies(seccomp);
  const listed = seccomp.flags ?? ['SECCOMP_FILTER_FLAG_SPEC_ALLOW'];
  return listed
    .map((flag, index) => flagBit(flag, index, notify))
    .reduce((bits, bit) => bits | bit, notify ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0);
}

function flagBit(flag: string, index: number, notify: boolean): number {
  switch (flag) {
    // The process that installs the filter has one thread: there is nothing to synchronise.
    case 'SECCOMP_FILTER_FLAG_TSYNC':
      return 0;
    case 'SECCOMP_FILTER_FLAG_LOG':
      return SECCOMP_FILTER_FLAG_LOG;
    case 'SECCOMP_FILTER_FLAG_SPEC_ALLOW':
      return SECCOMP_FILTER_FLAG_SPEC_ALLOW;
    // Speaks of calls that wait for the agent; the kernel refuses it where there is no agent.
    case 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV':
      return notify ? SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV : 0;
    default:
      throw new SeccompError(
        'SECCOMP_FLAG',
        `${SECCOMP_POINTER}/flags/${index}`,
        `unknown flag ${JSON.stringify(flag)}; see config-linux.md for the four there are`,
      );
  }
}
