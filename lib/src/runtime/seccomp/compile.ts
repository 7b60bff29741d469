import type { LinuxSeccomp } from '../../oci/index.ts';
import { buildFilter, type CompiledSeccomp } from './build.ts';
import { profileText, readCached, writeCached } from './cache.ts';
import { checkListener } from './listener.ts';

export type { CompiledSeccomp };

/** Where compiled filters are kept. */
export interface CompileSeccompOptions {
  /**
   * A directory for compiled filters, made if it is missing below its parent; files in it that
   * another user owns or may write are not used. Without it, filters are kept in memory only.
   */
  readonly cacheDirectory?: string;
}

/**
 * Compiles a seccomp profile (config-linux.md, "Seccomp") for seccomp(2), as runc would.
 *
 * The same profile is compiled once: a later call finds it in memory, a later process in
 * `cacheDirectory`, and neither loads libseccomp.
 *
 * @returns nothing for a section that runc takes for "no filter": no default action and no calls.
 * @throws SeccompError with a JSON pointer to the part that makes no filter.
 */
export function compileSeccomp(
  seccomp: LinuxSeccomp,
  options: CompileSeccompOptions = {},
): CompiledSeccomp | undefined {
  if (isEmpty(seccomp)) return undefined;
  checkListener(seccomp);
  const text = profileText(seccomp);
  const known = memory.get(text) ?? readCached(options.cacheDirectory, text);
  const compiled = known ?? buildFilter(seccomp);
  remember(text, compiled);
  if (known === undefined) writeCached(options.cacheDirectory, text, compiled);
  return compiled;
}

/** The schema lets a missing or empty default through, which the type does not have. */
function isEmpty(seccomp: { defaultAction?: string; syscalls?: readonly unknown[] }): boolean {
  const { defaultAction = '', syscalls = [] } = seccomp;
  return defaultAction === '' && syscalls.length === 0;
}

/** Enough for the profiles of one engine: they differ by the container's capabilities. */
const MEMORY_ENTRIES = 32;

const memory = new Map<string, CompiledSeccomp>();

/** The map's order is the order of last use, so its first entry is the one to forget. */
function remember(text: string, compiled: CompiledSeccomp): void {
  memory.delete(text);
  memory.set(text, compiled);
  const oldest = memory.keys().next();
  if (memory.size > MEMORY_ENTRIES && oldest.done !== true) memory.delete(oldest.value);
}
