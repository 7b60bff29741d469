/**
 * Kernel parameters: only those that a namespace of the container's own keeps apart, because any
 * other would change the host (namespaces(7), proc_sys(5)).
 */
import type { RuntimeConfig } from '../../config.ts';
import type { LinuxNamespaceType } from '../../namespaces.ts';
import { pointerTo } from '../../schema/check.ts';
import { sysctlFile } from '../../sysctl.ts';
import type { Report } from '../problem.ts';
import { hasNamespace } from './rule.ts';
import type { Rule } from './rule.ts';

export const sysctlRules: readonly Rule[] = [
  { reads: ['/linux/sysctl', '/linux/namespaces', '/domainname'], check: checkSysctls },
];

/** Which namespace keeps which files of /proc/sys apart; a name that ends in `/` is a folder. */
const NAMESPACED: Partial<Record<LinuxNamespaceType, readonly string[]>> = {
  ipc: [
    'fs/mqueue/',
    'kernel/msgmax',
    'kernel/msgmnb',
    'kernel/msgmni',
    'kernel/sem',
    'kernel/shmall',
    'kernel/shmmax',
    'kernel/shmmni',
    'kernel/shm_rmid_forced',
  ],
  network: ['net/'],
  user: ['user/'],
  uts: ['kernel/domainname', 'kernel/hostname'],
};

function checkSysctls(config: RuntimeConfig, report: Report): void {
  for (const [name, value] of Object.entries(config.linux?.sysctl ?? {})) {
    const at = pointerTo('/linux/sysctl', name);
    const file = sysctlFile(name);
    if (file === undefined) {
      const next = 'Write the parts with dots between them, such as "net.core.somaxconn".';
      report.error(at, name, 'the name of a file below /proc/sys', next);
    } else {
      checkNamespaced(config, file, at, value, report);
    }
  }
}

function checkNamespaced(
  config: RuntimeConfig,
  file: string,
  at: string,
  value: string,
  report: Report,
): void {
  const { domainname } = config;
  const namespace = namespaceOf(file);
  if (namespace === undefined) {
    const next = 'Remove it; set it on the host if the host shall have it.';
    report.error(at, value, 'absent: it belongs to the whole host', next);
  } else if (!hasNamespace(config, namespace)) {
    const next = `Add {"type": "${namespace}"} to /linux/namespaces, or remove it.`;
    report.error(at, value, `absent without a namespace of type ${namespace}`, next);
  } else if (file === 'kernel/hostname') {
    const next = 'Write the name into /hostname and remove this one.';
    report.error(at, value, 'absent: it has a field of its own', next);
  } else if (file === 'kernel/domainname' && domainname !== undefined && domainname !== value) {
    report.error(at, value, `the same as /domainname, "${domainname}"`, 'Remove one.');
  }
}

function namespaceOf(file: string): LinuxNamespaceType | undefined {
  for (const [type, names] of Object.entries(NAMESPACED)) {
    const owns = names.some((name) => (name.endsWith('/') ? file.startsWith(name) : file === name));
    if (owns) return type as LinuxNamespaceType;
  }
  return undefined;
}
