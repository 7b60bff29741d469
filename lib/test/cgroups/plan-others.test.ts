import { describe, expect, it } from 'vitest';
import { blkioWeightToIoWeight, explainWrites, planResources } from '../../src/cgroups/index.ts';
import type { CgroupHost } from '../../src/cgroups/index.ts';
import type { LinuxResources } from '../../src/oci/index.ts';
import { hybridHost, pairs, v1Host, v2Host } from './fixtures.ts';

const plan = (host: CgroupHost, resources: LinuxResources) =>
  planResources(host, resources, { devices: 'skip' });

describe('pids', () => {
  it.each([
    [100, 'pids.max=100'],
    [-1, 'pids.max=max'],
    [0, 'pids.max=1'],
  ])('limit %i is written as %s in both versions', (limit, expected) => {
    expect(pairs(plan(v1Host(), { pids: { limit } }))).toEqual([expected]);
    expect(pairs(plan(v2Host(), { pids: { limit } }))).toEqual([expected]);
  });
});

describe('block devices', () => {
  const blockIO = {
    weight: 500,
    weightDevice: [{ major: 8, minor: 0, weight: 300 }],
    throttleReadBpsDevice: [{ major: 8, minor: 0, rate: 1000 }],
    throttleWriteIOPSDevice: [{ major: 8, minor: 16, rate: 20 }],
  };

  it('are a file for each kind of limit on version 1', () => {
    const writes = plan(v1Host(), { blockIO });
    expect(pairs(writes)).toEqual([
      'blkio.bfq.weight=500',
      'blkio.bfq.weight_device=8:0 300',
      'blkio.throttle.read_bps_device=8:0 1000',
      'blkio.throttle.write_iops_device=8:16 20',
    ]);
    expect(writes[0]).toMatchObject({ orElse: { file: 'blkio.weight', value: '500' } });
    expect(writes[1]?.source).toBe('/linux/resources/blockIO/weightDevice/0');
  });

  it("are BFQ's weight or else a converted one, and io.max, on version 2", () => {
    const writes = plan(v2Host(), { blockIO });
    expect(pairs(writes)).toEqual([
      'io.bfq.weight=500',
      'io.bfq.weight=8:0 300',
      'io.max=8:0 rbps=1000',
      'io.max=8:16 wiops=20',
    ]);
    expect(writes[0]).toMatchObject({ orElse: { file: 'io.weight', value: '4950' } });
  });

  it('convert weights end onto end', () => {
    expect([10, 1000].map(blkioWeightToIoWeight)).toEqual([1, 10_000]);
  });

  it('have no leaf weights on version 2', () => {
    expect(() => plan(v2Host(), { blockIO: { leafWeight: 100 } })).toThrow(/no leaf weights/);
  });

  it('need no controller for the zero and the empty lists of dockerd', () => {
    expect(plan(v2Host(), { blockIO: { weight: 0, throttleReadBpsDevice: [] } })).toEqual([]);
  });
});

describe('huge pages', () => {
  const hugepageLimits = [{ pageSize: '2MB', limit: 4_194_304 }];

  it('are limited when touched and when reserved, the latter if the kernel can', () => {
    const writes = plan(v1Host(), { hugepageLimits });
    expect(pairs(writes)).toEqual([
      'hugetlb.2MB.limit_in_bytes=4194304',
      'hugetlb.2MB.rsvd.limit_in_bytes=4194304',
    ]);
    expect(writes.map((write) => 'tolerate' in write)).toEqual([false, true]);
  });

  it('go to version 2 on a hybrid host that has them there', () => {
    const writes = plan(hybridHost(), { hugepageLimits });
    expect(pairs(writes)).toEqual(['hugetlb.2MB.max=4194304', 'hugetlb.2MB.rsvd.max=4194304']);
    expect(writes.every((write) => write.version === 2)).toBe(true);
  });

  it('of a size that is none are refused', () => {
    expect(() => plan(v1Host(), { hugepageLimits: [{ pageSize: '2M', limit: 1 }] })).toThrow(
      expect.objectContaining({ source: '/linux/resources/hugepageLimits/0/pageSize' }),
    );
  });
});

describe('network and rdma', () => {
  const network = { classID: 1_048_577, priorities: [{ name: 'eth0', priority: 5 }] };

  it('mark packets on version 1', () => {
    expect(pairs(plan(v1Host(), { network }))).toEqual([
      'net_cls.classid=1048577',
      'net_prio.ifpriomap=eth0 5',
    ]);
  });

  it('are refused on version 2 and where the controller is not mounted', () => {
    expect(() => plan(v2Host(), { network })).toThrow(/version 2 has no net_cls/);
    expect(() => plan(hybridHost(), { rdma: { mlx: { hcaHandles: 1 } } })).toThrow(
      expect.objectContaining({ code: 'CGROUP_NO_CONTROLLER' }),
    );
  });

  it('write only what an RDMA entry names', () => {
    const rdma = { mlx5_1: { hcaHandles: 3, hcaObjects: 10 }, rxe3: { hcaObjects: 7 } };
    expect(pairs(plan(v2Host(), { rdma }))).toEqual([
      'rdma.max=mlx5_1 hca_handle=3 hca_object=10',
      'rdma.max=rxe3 hca_object=7',
    ]);
  });
});

describe('unified', () => {
  it('is written last and line by line', () => {
    const unified = { 'io.max': '8:0 rbps=1\n8:16 rbps=2\n', 'memory.high': '1000' };
    const writes = plan(v2Host(), { unified, memory: { limit: 2000 } });
    expect(pairs(writes)).toEqual([
      'memory.max=2000',
      'io.max=8:0 rbps=1',
      'io.max=8:16 rbps=2',
      'memory.high=1000',
    ]);
  });

  it('may set what belongs to the core', () => {
    expect(pairs(plan(v2Host(), { unified: { 'cgroup.max.depth': '3' } }))).toEqual([
      'cgroup.max.depth=3',
    ]);
  });

  it.each([
    ['../../memory.max', /no slashes/],
    ['release_agent', /CONTROLLER\.PARAMETER/],
    ['tasks', /CONTROLLER\.PARAMETER/],
    ['misc.max', /controller "misc" is not available/],
  ])('refuses the file %s', (file, message) => {
    expect(() => plan(v2Host(), { unified: { [file]: '1' } })).toThrow(message);
  });

  it('is an error on version 1, and on a hybrid host for a controller that is on version 1', () => {
    expect(() => plan(v1Host(), { unified: { 'memory.max': '1' } })).toThrow(
      /no cgroup version 2 hierarchy/,
    );
    expect(() => plan(hybridHost(), { unified: { 'memory.max': '1' } })).toThrow(
      /"memory" is not available on cgroup version 2 \(available: hugetlb\)/,
    );
  });

  it('points at the key with JSON pointer escapes', () => {
    expect(() => plan(v2Host(), { unified: { 'a/b~c': '1' } })).toThrow(
      expect.objectContaining({ source: '/linux/resources/unified/a~1b~0c' }),
    );
  });
});

describe('a plan', () => {
  it('prints as one line a write, with where each came from', () => {
    const writes = plan(v1Host(), { pids: { limit: 7 }, cpu: { shares: 100 } });
    expect(explainWrites(writes).split('\n')).toEqual([
      'cpu v1   cpu.shares = "100"  ← /linux/resources/cpu/shares',
      'pids v1  pids.max = "7"      ← /linux/resources/pids/limit',
    ]);
  });

  it('is empty for nothing asked, devices aside', () => {
    expect(plan(v2Host(), {})).toEqual([]);
    expect(planResources(v2Host())).toHaveLength(1);
  });
});
