/**
 * Asking for AppArmor's profile and SELinux' context at the next execve(2): apparmor(7), selinux(8).
 *
 * It is among the first operations, while /proc is still the host's: of what a container may have
 * put there nothing can redirect the write (CVE-2019-16884), and a user namespace in which parts of
 * /proc are masked could not mount another. What is asked for outlives namespaces and fork.
 */
import type { Process } from '../../oci/index.ts';
import { AT_FDCWD, O_CLOEXEC, O_WRONLY, type SyscallProgram } from '../../sys/index.ts';
import { PROFILE } from '../labels.ts';

export function appendLabels(program: SyscallProgram, process: Process | undefined): void {
  const { apparmorProfile = '', selinuxLabel = '' } = process ?? {};
  if (apparmorProfile !== '') {
    program.from(PROFILE, () =>
      appendAttribute(program, 'apparmor/exec', `exec ${apparmorProfile}`),
    );
  }
  if (selinuxLabel !== '') {
    program.from('/process/selinuxLabel', () => appendAttribute(program, 'exec', selinuxLabel));
  }
}

/** Opening and writing belong together: the kernel takes it only from whoever opened the file. */
function appendAttribute(program: SyscallProgram, name: string, text: string): void {
  const path = `/proc/thread-self/attr/${name}`;
  const file = program.call('openat', [AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0]);
  program.call('write', [file, text, Buffer.byteLength(text)]);
  program.call('close', [file]);
}
