/** Namespaces, filters and labels of processes. */
import { existsSync, readFileSync } from 'node:fs';
import { messageOf } from 'coracle/base';
import {
  SECCOMP_FILTER_FLAG_NEW_LISTENER,
  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
  SECCOMP_SET_MODE_FILTER,
  scmpApiLevel,
  syscall,
  SyscallError,
} from 'coracle/sys';
import { answerOf } from './calls.ts';
import { no, unknown, yesIf, YES, type Finding, type Probe } from './finding.ts';
import { kernelAtLeast } from './kernel-version.ts';
import { runTrivialProgram } from './trivial-program.ts';

export const processProbes = {
  'programs in memory': () => answerOf(runTrivialProgram),
  namespaces: () => namespaceFiles('mnt', 'pid', 'net', 'ipc', 'uts'),
  'time namespaces': () => namespaceFiles('time'),
  'cgroup namespaces': () => namespaceFiles('cgroup'),
  seccomp,
  'seccomp notify': seccompNotify,
  'seccomp killable wait': () =>
    answerOf(() => {
      const flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
      // Without a filter: EFAULT, once the flags have been found good.
      syscall('seccomp', SECCOMP_SET_MODE_FILTER, flags, null);
    }, ['EFAULT']),
  'memory policy': () => yesIf(existsSync('/proc/self/numa_maps'), 'a kernel without CONFIG_NUMA'),
  'network device numbers': () => kernelAtLeast(5, 13),
  AppArmor: () => {
    const enabled = readText('/sys/module/apparmor/parameters/enabled');
    if (enabled === undefined && process.geteuid?.() !== 0)
      return unlessThere('/sys/module/apparmor');
    return yesIf(enabled?.startsWith('Y') === true, 'not enabled');
  },
  SELinux: () => yesIf(existsSync('/sys/fs/selinux/enforce'), 'not enabled'),
} satisfies Record<string, Probe>;

function namespaceFiles(...names: string[]): Finding {
  const missing = names.filter((name) => !existsSync(`/proc/self/ns/${name}`));
  return yesIf(missing.length === 0, `no /proc/self/ns/${missing.join(', ')}`);
}

function seccomp(): Finding {
  const actions = readText('/proc/sys/kernel/seccomp/actions_avail');
  if (actions === undefined) return no('a kernel without CONFIG_SECCOMP_FILTER');
  return withLibrary(() => YES);
}

function seccompNotify(): Finding {
  return withLibrary((level) =>
    yesIf(level >= 6, `API level ${level} of libseccomp and kernel together, 6 is needed`),
  );
}

function withLibrary(probe: (apiLevel: number) => Finding): Finding {
  try {
    return probe(scmpApiLevel());
  } catch (error) {
    if (error instanceof SyscallError) throw error;
    return no(`libseccomp.so.2 cannot be loaded: ${messageOf(error)}`);
  }
}

/** The parameter is root's to read; the module's folder tells only that it is in the kernel. */
function unlessThere(folder: string): Finding {
  return existsSync(folder)
    ? unknown('only root can see whether it is enabled')
    : no('not in this kernel');
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
