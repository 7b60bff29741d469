import type { LinuxSeccomp } from '../../../src/oci/index.ts';
import { compileSeccomp, type CompiledSeccomp } from '../../../src/runtime/seccomp/index.ts';

/** A profile that must make a filter, compiled. */
export function compiled(seccomp: LinuxSeccomp): CompiledSeccomp {
  const result = compileSeccomp(seccomp);
  if (result === undefined) throw new TypeError('the profile makes no filter');
  return result;
}
