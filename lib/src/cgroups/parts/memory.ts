/** Exercise 02.3: OCI's limits on memory and swap in the words of version 2. */
import type { LinuxMemory } from '../../oci/index.ts';
import { asked } from '../controllers/setting.ts';
import { needsMemoryLimit, type MemoryFiles } from '../controllers/memory-files.ts';

// #region exercise-02-3
/**
 * What the three files of version 2 must say. Pure. config-linux.md, "Memory"; the kernel's
 * cgroup-v2.rst, "Memory Interface Files".
 *
 * `limit` is for `memory.max`, `reservation` for `memory.low`. In OCI a value that is missing or 0 is
 * not asked for ({@link asked}): its file is undefined, and not written. -1 is no limit, for which
 * these files have the word `max`.
 *
 * `swap` is, as in version 1, memory *and* swap together; `memory.swap.max` is swap alone:
 *
 * - swap is not asked for: nothing to write. Only if the memory limit is lifted (-1) is that of swap
 *   lifted too.
 * - swap is -1: no limit.
 * - the memory limit is -1: what is left of the limit on both is all for swap, as it stands.
 * - the memory limit is not asked for: there is no difference to take, {@link needsMemoryLimit}.
 * - else it is the difference. It may be 0, which allows no swap and is written.
 *
 * That swap is not below the limit has been checked. Values are bytes, and bigints beyond 2^53: the
 * difference must be exact there too.
 */
export function memoryFiles(memory: LinuxMemory): MemoryFiles {
  return {
    max: orMax(asked(memory.limit)),
    swapMax: swapAlone(memory),
    low: orMax(asked(memory.reservation)),
  };
}

function swapAlone(memory: LinuxMemory): string | undefined {
  const limit = Number(memory.limit ?? 0);
  const swap = Number(memory.swap ?? 0);
  if (swap === 0) return limit === -1 ? 'max' : undefined;
  if (swap === -1) return 'max';
  if (limit === -1) return String(memory.swap);
  if (limit === 0) throw needsMemoryLimit(memory);
  return String(BigInt(memory.swap ?? 0) - BigInt(memory.limit ?? 0));
}

function orMax(value: number | bigint | undefined): string | undefined {
  if (value === undefined) return undefined;
  return Number(value) === -1 ? 'max' : String(value);
}
// #endregion exercise-02-3
