/**
 * Huge pages, a limit for each page size.
 *
 * A page can be *reserved* by mmap before it is touched; only the `rsvd` limit (Linux 5.7) makes
 * mmap fail, without it the process is killed by SIGBUS at its first touch. Both are set.
 * Spec: config-linux.md "Huge page limits"; kernel: cgroup-v1/hugetlb.rst.
 */
import type { LinuxHugepageLimit } from '../../oci/index.ts';
import { invalidResource } from '../errors.ts';
import type { CgroupHost } from '../host.ts';
import type { FileWrite } from '../write.ts';
import { RESOURCES, asWrites, requireController } from './setting.ts';

const POINTER = `${RESOURCES}/hugepageLimits`;

/** Two writes for each page size. Pure; errors as in `planResources`. */
export function planHugetlb(host: CgroupHost, limits: readonly LinuxHugepageLimit[]): FileWrite[] {
  return limits.flatMap(({ pageSize, limit }, index) => {
    if (!/^[1-9][0-9]*[KMG]B$/.test(pageSize)) {
      const why = 'is not a page size such as "2MB"';
      throw invalidResource(`${POINTER}/${index}/pageSize`, 'hugetlb', pageSize, why);
    }
    const at = requireController(host, `${POINTER}/${index}`, 'hugetlb');
    const suffix = at.version === 1 ? 'limit_in_bytes' : 'max';
    const value = String(limit);
    const because = 'kernels before 5.7 do not count reserved pages';
    return asWrites(at, POINTER, [
      { from: `${index}`, file: `hugetlb.${pageSize}.${suffix}`, value },
      {
        from: `${index}`,
        file: `hugetlb.${pageSize}.rsvd.${suffix}`,
        value,
        tolerate: { errnos: ['ENOENT'], because },
      },
    ]);
  });
}
