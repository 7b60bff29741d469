/** Reads what a container uses, from whichever hierarchies it is in. */
import type { CgroupPaths } from '../paths.ts';
import { emptyStats } from './types.ts';
import type { CgroupStats } from './types.ts';
import * as one from './version-one.ts';
import { readUnified, readUnifiedHugetlb } from './version-two.ts';

export type {
  BlkioEntry,
  BlkioStats,
  CgroupStats,
  CpuStats,
  CpusetStats,
  HugetlbStats,
  MemoryCounter,
  MemoryStats,
  Pressure,
  PressureLine,
} from './types.ts';

const VERSION_ONE = {
  cpu: one.readCpu,
  cpuacct: one.readCpuacct,
  cpuset: one.readCpuset,
  memory: one.readMemory,
  pids: one.readPids,
  blkio: one.readBlkio,
  hugetlb: one.readHugetlb,
} as const;

/** The statistics of the cgroup at `paths`; a file that is missing counts as 0. */
export function readStats(paths: CgroupPaths): CgroupStats {
  const stats = emptyStats();
  const unified = paths[''];
  const isPure = Object.keys(paths).every((key) => key === '');
  if (unified !== undefined) {
    if (isPure) readUnified(unified, stats);
    else readUnifiedHugetlb(unified, stats);
  }
  for (const [controller, read] of Object.entries(VERSION_ONE)) {
    const directory = paths[controller];
    if (directory !== undefined) read(directory, stats);
  }
  return stats;
}

/** ES2026, which TypeScript's library does not describe yet. */
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };

/** JSON of anything with bigints in it, each as a plain number of full length. */
export function stringifyStats(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'bigint' ? rawJSON(item.toString()) : item,
  );
}
