import { describe, expect, it } from 'vitest';
import { detectHost } from '../../src/cgroups/index.ts';
import { V1_MOUNTINFO, hybridHost, v1Host, v2Host } from './fixtures.ts';

describe('a host with version 1 hierarchies only', () => {
  it('is v1, and finds each controller at its mount', () => {
    const host = v1Host();
    expect(host.kind).toBe('v1');
    expect(host.unified).toBeUndefined();
    expect(host.controllers.get('memory')).toMatchObject({
      version: 1,
      mountpoint: '/sys/fs/cgroup/memory',
      own: '/user.slice/session-1.scope',
    });
  });

  it('knows that controllers mounted together are one hierarchy', () => {
    const host = v1Host();
    expect(host.controllers.get('cpuacct')).toBe(host.controllers.get('cpu'));
    expect(host.controllers.get('cpu')?.keys).toEqual(['cpu', 'cpuacct']);
  });

  it('takes a named hierarchy by its name, and mount options for no controller', () => {
    const host = v1Host();
    expect(host.controllers.get('name=systemd')?.mountpoint).toBe('/sys/fs/cgroup/systemd');
    expect(host.controllers.has('xattr')).toBe(false);
    expect(host.controllers.has('rw')).toBe(false);
  });
});

describe('a host with the version 2 hierarchy only', () => {
  it('is v2, and has devices and freezer although no list says so', () => {
    const host = v2Host();
    expect(host.kind).toBe('v2');
    expect([...host.controllers.keys()].toSorted()).toEqual(
      ['cpu', 'cpuset', 'devices', 'freezer', 'hugetlb', 'io', 'memory', 'pids', 'rdma'].toSorted(),
    );
  });
});

describe('a hybrid host', () => {
  it('finds a controller on whichever version carries it', () => {
    const host = hybridHost();
    expect(host.kind).toBe('hybrid');
    expect(host.controllers.get('hugetlb')?.version).toBe(2);
    expect(host.controllers.get('memory')?.version).toBe(1);
  });

  it('prefers version 1 for devices and freezer, which version 2 has anyway', () => {
    const host = hybridHost();
    expect(host.controllers.get('devices')?.version).toBe(1);
    expect(host.controllers.get('freezer')?.version).toBe(1);
  });
});

describe('mountinfo', () => {
  it('with a second mount of a hierarchy elsewhere still means the one below /sys/fs/cgroup', () => {
    const extra = '20 19 0:33 / /mnt/mine rw - cgroup cgroup rw,memory\n';
    const host = detectHost({ mountinfo: extra + V1_MOUNTINFO, selfCgroup: '5:memory:/\n' });
    expect(host.controllers.get('memory')?.mountpoint).toBe('/sys/fs/cgroup/memory');
  });

  it('with spaces in a mount point is unescaped', () => {
    const mountinfo = '30 25 0:27 / /my\\040cgroups rw - cgroup2 cgroup2 rw';
    expect(detectHost({ mountinfo, selfCgroup: '0::/\n' }).unified?.mountpoint).toBe('/my cgroups');
  });

  it('without any hierarchy is an error that says how to mount one', () => {
    expect(() => detectHost({ mountinfo: '', selfCgroup: '' })).toThrow(
      expect.objectContaining({
        code: 'CGROUP_NOT_MOUNTED',
        message: expect.stringContaining('mount -t cgroup2') as unknown,
      }),
    );
  });
});
