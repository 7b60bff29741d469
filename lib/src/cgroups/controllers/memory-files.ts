/** Memory on version 2: the files, and what cannot be said in them. */
import type { LinuxMemory } from '../../oci/index.ts';
import { invalidResource, type CgroupError } from '../errors.ts';
import { RESOURCES } from './setting.ts';

/** The text of each file; undefined: it is left as it is. */
export interface MemoryFiles {
  /** memory.max */
  readonly max: string | undefined;
  /** memory.swap.max: swap alone. */
  readonly swapMax: string | undefined;
  /** memory.low */
  readonly low: string | undefined;
}

/** `CGROUP_INVALID`: a limit of memory and swap together, without the one of memory. */
export function needsMemoryLimit(memory: LinuxMemory): CgroupError {
  const why = 'is memory and swap together, so version 2 needs the memory limit too';
  return invalidResource(`${RESOURCES}/memory/swap`, 'memory', memory.swap, why);
}
