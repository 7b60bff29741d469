/** What a profile with SCMP_ACT_NOTIFY must not ask for (config-linux.md, "Seccomp"). */
import type { LinuxSeccomp } from '../../oci/index.ts';
import { SECCOMP_POINTER, SeccompError } from './errors.ts';
import { notifies } from './flags.ts';

/**
 * Refuses a profile whose notifications could never reach the agent.
 *
 * @throws SeccompError `SECCOMP_NOTIFY` or `SECCOMP_LISTENER`.
 */
export function checkListener(seccomp: LinuxSeccomp): void {
  const { defaultAction, listenerPath, listenerMetadata } = seccomp;
  if (defaultAction === 'SCMP_ACT_NOTIFY') {
    refuse('SECCOMP_NOTIFY', 'defaultAction', `SCMP_ACT_NOTIFY cannot be the default: ${WHY}`);
  }
  if (notifies(seccomp) && !listenerPath) {
    const message = 'SCMP_ACT_NOTIFY needs the Unix socket of an agent; set its absolute path';
    refuse('SECCOMP_LISTENER', 'listenerPath', message);
  }
  if (listenerMetadata && !listenerPath) {
    const message = 'nobody would get it: set listenerPath too, or remove listenerMetadata';
    refuse('SECCOMP_LISTENER', 'listenerMetadata', message);
  }
  for (const [index, { action, names }] of (seccomp.syscalls ?? []).entries()) {
    const position = action === 'SCMP_ACT_NOTIFY' ? names.indexOf('write') : -1;
    if (position < 0) continue;
    const where = `syscalls/${index}/names/${position}`;
    refuse('SECCOMP_NOTIFY', where, `SCMP_ACT_NOTIFY cannot be used for write: ${WHY}`);
  }
}

const WHY =
  'under the new filter the container still has to write its listener to the runtime, and would ' +
  'wait for an agent that has not been told of it; name the calls to notify, without write';

function refuse(code: string, where: string, message: string): never {
  throw new SeccompError(code, `${SECCOMP_POINTER}/${where}`, message);
}
