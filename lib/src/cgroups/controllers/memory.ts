/**
 * How much memory, and memory with swap, a container may hold.
 *
 * OCI thinks in version 1: `swap` is the limit of memory *and* swap together, at least `limit`. What
 * version 2 makes of it is in parts/memory.ts. -1 is "no limit".
 * Spec: config-linux.md "Memory"; kernel: admin-guide/cgroup-v1/memory.rst, cgroup-v2.rst.
 */
import { memoryFiles } from '#parts/cgroups/memory.ts';
import type { LinuxMemory } from '../../oci/index.ts';
import { invalidResource, unsupported } from '../errors.ts';
import type { CgroupHost } from '../host.ts';
import type { FileWrite } from '../write.ts';
import { RESOURCES, asWrites, asked, requireController } from './setting.ts';
import type { Setting } from './setting.ts';

const POINTER = `${RESOURCES}/memory`;

/**
 * Limits, reservation, swap, swappiness and the OOM killer. Pure; errors as in `planResources`.
 *
 * `kernel` is ignored, as by runc: the kernel dropped that limit in 5.16, kernel memory counts
 * towards `limit`.
 */
export function planMemory(host: CgroupHost, memory: LinuxMemory): FileWrite[] {
  checkMemory(memory);
  const wanted =
    [memory.limit, memory.reservation, memory.swap, memory.kernelTCP].some(
      (value) => asked(value) !== undefined,
    ) ||
    memory.swappiness !== undefined ||
    memory.disableOOMKiller === true ||
    memory.useHierarchy !== undefined;
  if (!wanted) return [];
  const at = requireController(host, POINTER, 'memory');
  return asWrites(at, POINTER, at.version === 1 ? versionOne(memory) : versionTwo(memory));
}

function versionOne(memory: LinuxMemory): Setting[] {
  const settings: Setting[] = [];
  if (memory.useHierarchy !== undefined) {
    const value = memory.useHierarchy ? '1' : '0';
    settings.push({ from: 'useHierarchy', file: 'memory.use_hierarchy', value });
  }
  settings.push(...versionOneLimits(memory));
  const plain = [
    ['reservation', 'memory.soft_limit_in_bytes'],
    ['kernelTCP', 'memory.kmem.tcp.limit_in_bytes'],
  ] as const;
  for (const [from, file] of plain) {
    const value = asked(memory[from]);
    if (value !== undefined) settings.push({ from, file, value: String(value) });
  }
  if (memory.disableOOMKiller) {
    settings.push({ from: 'disableOOMKiller', file: 'memory.oom_control', value: '1' });
  }
  if (memory.swappiness !== undefined) {
    const value = String(memory.swappiness);
    settings.push({ from: 'swappiness', file: 'memory.swappiness', value });
  }
  return settings;
}

/**
 * The kernel keeps limit ≤ memory+swap at every moment. Lowering works in this order; raising
 * makes the first write fail with EINVAL, and being tied it is done again after the second.
 */
function versionOneLimits(memory: LinuxMemory): Setting[] {
  const limit = asked(memory.limit);
  const swap = asked(memory.swap);
  const settings: Setting[] = [];
  if (limit !== undefined) {
    const [file, value] = ['memory.limit_in_bytes', String(limit)];
    settings.push({ from: 'limit', file, value, tied: true });
  }
  const file = 'memory.memsw.limit_in_bytes';
  if (swap !== undefined) {
    settings.push({ from: 'swap', file, value: String(swap) });
  } else if (Number(limit) === -1) {
    // No limit on memory is no use below the old limit on memory and swap.
    const because = 'this kernel does not account for swap';
    const tolerate = { errnos: ['ENOENT'], because };
    settings.push({ from: 'limit', file, value: '-1', tolerate });
  }
  return settings;
}

function versionTwo(memory: LinuxMemory): Setting[] {
  refuseVersionOneOnly(memory);
  const { max, swapMax, low } = memoryFiles(memory);
  const settings: Setting[] = [];
  if (swapMax !== undefined) {
    const because = 'this kernel does not account for swap, so there is none to limit';
    const harmless = swapMax === 'max' || swapMax === '0';
    settings.push({
      from: asked(memory.swap) === undefined ? 'limit' : 'swap',
      file: 'memory.swap.max',
      value: swapMax,
      ...(harmless && { tolerate: { errnos: ['ENOENT'], because } }),
      ...usageCheck(memory, Number(memory.swap)),
    });
  }
  if (max !== undefined) {
    const check = usageCheck(memory, Number(memory.limit));
    settings.push({ from: 'limit', file: 'memory.max', value: max, ...check });
  }
  if (low !== undefined) settings.push({ from: 'reservation', file: 'memory.low', value: low });
  return settings;
}

/** Version 1 refuses a limit below what is used; version 2 would call the OOM killer. */
function usageCheck(memory: LinuxMemory, limit: number): Pick<Setting, 'mustExceed'> {
  if (memory.checkBeforeUpdate !== true || !(limit > 0)) return {};
  return { mustExceed: { file: 'memory.current', limit } };
}

/** "If the conversion is not possible the runtime MUST generate an error." (config-linux.md, "Unified") */
function refuseVersionOneOnly(memory: LinuxMemory): void {
  const wanted = {
    swappiness: memory.swappiness !== undefined,
    disableOOMKiller: memory.disableOOMKiller === true,
    kernelTCP: Number(memory.kernelTCP ?? 0) > 0,
    useHierarchy: memory.useHierarchy === false,
  };
  for (const [from, isWanted] of Object.entries(wanted)) {
    if (!isWanted) continue;
    throw unsupported(`${POINTER}/${from}`, 'memory', 'cgroup version 2 has nothing like it');
  }
}

function checkMemory(memory: LinuxMemory): void {
  const limit = Number(memory.limit ?? 0);
  const swap = Number(memory.swap ?? 0);
  if (limit > 0 && swap > 0 && swap < limit) {
    const why = `memory+swap limit should be >= memory limit, which is ${limit}`;
    throw invalidResource(`${POINTER}/swap`, 'memory', memory.swap, why);
  }
  const swappiness = memory.swappiness ?? 0;
  if (swappiness < 0 || swappiness > 100) {
    const why = 'invalid memory swappiness value (valid range is 0-100)';
    throw invalidResource(`${POINTER}/swappiness`, 'memory', swappiness, why);
  }
}
