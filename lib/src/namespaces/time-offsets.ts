/** The clocks of a new time namespace (time_namespaces(7)). */
import type { LinuxTimeOffsets } from '../oci/index.ts';
import {
  AT_FDCWD,
  O_CLOEXEC,
  O_WRONLY,
  PR_SET_DUMPABLE,
  type SyscallProgram,
} from '../sys/index.ts';

/**
 * The files in /proc of a process that is not dumpable belong to the host's root, whom a process
 * in another user namespace is not (proc(5)). It is dumpable while it is in no PID namespace from
 * which a container could see it.
 */
export function appendTimeOffsets(
  program: SyscallProgram,
  offsets: LinuxTimeOffsets,
  inUserNamespace: boolean,
): void {
  const text = timeOffsetsText(offsets);
  if (text === '') return;
  program.from('/linux/timeOffsets', () => {
    if (inUserNamespace) program.call('prctl', [PR_SET_DUMPABLE, 1, 0, 0, 0]);
    const file = program.call('openat', [
      AT_FDCWD,
      '/proc/self/timens_offsets',
      O_WRONLY | O_CLOEXEC,
      0,
    ]);
    program.call('write', [file, text, Buffer.byteLength(text)]);
    program.call('close', [file]);
    if (inUserNamespace) program.call('prctl', [PR_SET_DUMPABLE, 0, 0, 0, 0]);
  });
}

/** The text for `/proc/self/timens_offsets` (time_namespaces(7)): `monotonic 86400 0`. */
export function timeOffsetsText(offsets: LinuxTimeOffsets): string {
  return Object.entries(offsets)
    .map(([clock, { secs = 0, nanosecs = 0 }]) => `${clock} ${secs} ${nanosecs}\n`)
    .join('');
}
