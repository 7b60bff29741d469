/** Sysctls (config-linux.md, "Sysctl"). */
import { sysctlFile } from '../../oci/index.ts';
import {
  createMount,
  O_WRONLY,
  openInRoot,
  RESOLVE_BENEATH,
  RESOLVE_NO_SYMLINKS,
  RESOLVE_NO_XDEV,
  type SyscallProgram,
} from '../../sys/index.ts';

/**
 * Writes sysctls through a procfs that the runtime mounts for itself and attaches nowhere, so that
 * no fake /proc of an image can redirect the writes (CVE-2025-52881, CVE-2019-19921).
 */
export function appendSysctls(
  program: SyscallProgram,
  sysctls: Readonly<Record<string, string>>,
): void {
  const entries = Object.entries(sysctls);
  if (entries.length === 0) return;
  program.from('/linux/sysctl', () => {
    const proc = createMount(program, 'proc', [], 0);
    const resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS;
    for (const [name, value] of entries) {
      const source = `/linux/sysctl/${name}`;
      const file = openInRoot(program, proc, `sys/${sysctlFile(name) ?? ''}`, O_WRONLY, {
        resolve,
        source,
      });
      program.call('write', [file, value, Buffer.byteLength(value)], { source });
      program.call('close', [file]);
    }
    program.call('close', [proc]);
  });
}
