/** Hosts of every kind, as text, for tests that need no kernel. */
import { detectHost } from '../../src/cgroups/index.ts';
import type { CgroupHost } from '../../src/cgroups/index.ts';

/** Version 1 mounts as Debian 10 had them: cpu and cpuacct share one, so do net_cls and net_prio. */
export const V1_MOUNTINFO = `
25 30 0:23 / /sys rw,nosuid - sysfs sysfs rw
31 25 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - tmpfs tmpfs rw,mode=755
33 31 0:30 / /sys/fs/cgroup/systemd rw shared:11 - cgroup cgroup rw,xattr,name=systemd
34 31 0:31 / /sys/fs/cgroup/cpu,cpuacct rw shared:12 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset
36 31 0:33 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
37 31 0:34 / /sys/fs/cgroup/devices rw - cgroup cgroup rw,devices
38 31 0:35 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer
39 31 0:36 / /sys/fs/cgroup/blkio rw - cgroup cgroup rw,blkio
40 31 0:37 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
41 31 0:38 / /sys/fs/cgroup/hugetlb rw - cgroup cgroup rw,hugetlb
42 31 0:39 / /sys/fs/cgroup/net_cls,net_prio rw - cgroup cgroup rw,net_cls,net_prio
43 31 0:40 / /sys/fs/cgroup/rdma rw - cgroup cgroup rw,rdma
`;

const V1_SELF = `
12:rdma:/
11:net_cls,net_prio:/
10:hugetlb:/
9:pids:/user.slice/session-1.scope
8:blkio:/
7:freezer:/
6:devices:/user.slice
5:memory:/user.slice/session-1.scope
4:cpuset:/
3:cpu,cpuacct:/
1:name=systemd:/user.slice/session-1.scope
`;

export function v1Host(): CgroupHost {
  return detectHost({ mountinfo: V1_MOUNTINFO, selfCgroup: V1_SELF });
}

/** A pure version 2 host; `mountpoint` may be a folder of the test's own. */
export function v2Host(mountpoint: string = '/sys/fs/cgroup'): CgroupHost {
  return detectHost({
    mountinfo: `30 25 0:27 / ${mountpoint} rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate`,
    selfCgroup: '0::/user.slice/session-1.scope\n',
    unifiedControllers: 'cpuset cpu io memory hugetlb pids rdma\n',
  });
}

/** Most controllers on version 1, hugetlb left to version 2. */
export function hybridHost(): CgroupHost {
  const mountinfo = V1_MOUNTINFO.split('\n').filter((line) => !/hugetlb|rdma/.test(line));
  return detectHost({
    mountinfo: [...mountinfo, '44 31 0:41 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw'].join(
      '\n',
    ),
    selfCgroup: `${V1_SELF.replace(/.*(hugetlb|rdma).*\n/g, '')}0::/\n`,
    unifiedControllers: 'hugetlb\n',
  });
}

/** `file=value` of each write, in order. */
export function pairs(writes: readonly { file: string; value: string }[]): string[] {
  return writes.map((write) => `${write.file}=${write.value}`);
}
