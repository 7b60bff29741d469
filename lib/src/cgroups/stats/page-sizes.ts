/** The huge page sizes of this machine, as cgroup file names write them. */
import { readdirSync } from 'node:fs';
import { errnoOf } from '../errors.ts';

/** `['2MB', '1GB']`, from /sys/kernel/mm/hugepages; none where the kernel has no huge pages. */
export function pageSizes(): string[] {
  try {
    return readdirSync('/sys/kernel/mm/hugepages').flatMap((name) => {
      const kilobytes = /^hugepages-(\d+)kB$/.exec(name)?.[1];
      return kilobytes === undefined ? [] : [formatPageSize(Number(kilobytes))];
    });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** 2048 → `2MB`, base 1024, as mm/hugetlb_cgroup.c. */
export function formatPageSize(kilobytes: number): string {
  if (kilobytes >= 1 << 20) return `${kilobytes >> 20}GB`;
  return kilobytes >= 1 << 10 ? `${kilobytes >> 10}MB` : `${kilobytes}KB`;
}
