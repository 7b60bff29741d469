import { describe, expect, it } from 'vitest';
import { detectHost, planPaths } from '../../src/cgroups/index.ts';
import { hybridHost, v1Host, v2Host } from './fixtures.ts';

describe('an absolute cgroupsPath, as engines pass it', () => {
  it('starts at every mount point, and controllers mounted together share a directory', () => {
    const paths = planPaths(v1Host(), '/docker/1a2b');
    expect(paths.memory).toBe('/sys/fs/cgroup/memory/docker/1a2b');
    expect(paths.cpu).toBe('/sys/fs/cgroup/cpu,cpuacct/docker/1a2b');
    expect(paths.cpuacct).toBe(paths.cpu);
    expect(paths['name=systemd']).toBe('/sys/fs/cgroup/systemd/docker/1a2b');
  });

  it('is one directory on version 2, and one more on a hybrid host', () => {
    expect(planPaths(v2Host(), '/ns/id')).toEqual({ '': '/sys/fs/cgroup/ns/id' });
    expect(planPaths(hybridHost(), '/ns/id')['']).toBe('/sys/fs/cgroup/unified/ns/id');
  });
});

describe('a relative cgroupsPath', () => {
  it("starts at this process's own cgroup on version 1, each hierarchy its own", () => {
    const paths = planPaths(v1Host(), 'id');
    expect(paths.memory).toBe('/sys/fs/cgroup/memory/user.slice/session-1.scope/id');
    expect(paths.devices).toBe('/sys/fs/cgroup/devices/user.slice/id');
    expect(paths.blkio).toBe('/sys/fs/cgroup/blkio/id');
  });

  it('starts one up on version 2, where a cgroup with processes may not limit children', () => {
    expect(planPaths(v2Host(), 'id')).toEqual({ '': '/sys/fs/cgroup/user.slice/id' });
  });

  it('is relative to the branch of the hierarchy that is mounted', () => {
    const host = detectHost({
      mountinfo: '40 31 0:37 /docker/outer /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids',
      selfCgroup: '1:pids:/docker/outer/inner\n',
    });
    expect(planPaths(host, 'id')).toEqual({ pids: '/sys/fs/cgroup/pids/inner/id' });
  });

  it('falls back to the mount point when the own cgroup is outside of what is mounted', () => {
    const host = detectHost({
      mountinfo: '40 31 0:37 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids',
      selfCgroup: '1:pids:/../elsewhere\n',
    });
    expect(planPaths(host, 'id').pids).toBe('/sys/fs/cgroup/pids/id');
  });
});

describe('a hostile cgroupsPath', () => {
  it.each(['/../../../etc/x', '/a/../../etc/x', '../../../../etc/x', '//etc//./x/'])(
    '%s stays inside the hierarchy',
    (cgroupsPath) => {
      const directory = planPaths(v2Host(), cgroupsPath)[''];
      expect(directory).toMatch(/^\/sys\/fs\/cgroup\/(user\.slice\/)?etc\/x$/);
    },
  );

  it.each(['/', '', '.', '/..', '/a/..'])("%s, the hierarchy's root, is refused", (cgroupsPath) => {
    expect(() => planPaths(v1Host(), cgroupsPath)).toThrow(
      expect.objectContaining({ code: 'CGROUP_INVALID', source: '/linux/cgroupsPath' }),
    );
  });

  it.each(['/a\nb', '/a\0b'])('with a character no cgroup may have is refused', (cgroupsPath) => {
    expect(() => planPaths(v1Host(), cgroupsPath)).toThrow(/newline or a NUL/);
  });
});
