import { describe, expect, it } from 'vitest';
import { planResources } from '../../src/cgroups/index.ts';
import type { CgroupHost } from '../../src/cgroups/index.ts';
import type { LinuxMemory } from '../../src/oci/index.ts';
import { pairs, v1Host, v2Host } from './fixtures.ts';

const plan = (host: CgroupHost, memory: LinuxMemory) =>
  planResources(host, { memory }, { devices: 'skip' });

describe('memory on version 1', () => {
  it('writes every limit the kernel still has', () => {
    const writes = plan(v1Host(), {
      limit: 2000,
      reservation: 1000,
      swap: 3000,
      kernel: 500,
      kernelTCP: 400,
      swappiness: 10,
      disableOOMKiller: true,
    });
    expect(pairs(writes)).toEqual([
      'memory.limit_in_bytes=2000',
      'memory.memsw.limit_in_bytes=3000',
      'memory.soft_limit_in_bytes=1000',
      'memory.kmem.tcp.limit_in_bytes=400',
      'memory.oom_control=1',
      'memory.swappiness=10',
    ]);
  });

  it('lets the limit wait for the limit with swap, so that both can be raised', () => {
    const [limit] = plan(v1Host(), { limit: 2000, swap: 3000 });
    expect(limit).toMatchObject({ file: 'memory.limit_in_bytes', tied: true });
  });

  it('lifts the limit with swap too when memory becomes unlimited, if swap is counted', () => {
    const writes = plan(v1Host(), { limit: -1 });
    expect(pairs(writes)).toEqual(['memory.limit_in_bytes=-1', 'memory.memsw.limit_in_bytes=-1']);
    expect(writes[1]).toMatchObject({ tolerate: { errnos: ['ENOENT'] } });
  });

  it('writes a limit beyond 2^53 exactly', () => {
    const limit = 9_223_372_036_854_771_712n;
    expect(pairs(plan(v1Host(), { limit }))).toEqual(['memory.limit_in_bytes=9223372036854771712']);
  });
});

describe('memory on version 2', () => {
  it.each<[LinuxMemory, string[]]>([
    [{ limit: 1000, swap: 3000 }, ['memory.swap.max=2000', 'memory.max=1000']],
    [{ limit: 1000, swap: 1000 }, ['memory.swap.max=0', 'memory.max=1000']],
    [{ limit: 1000, swap: -1 }, ['memory.swap.max=max', 'memory.max=1000']],
    [{ limit: -1, swap: 3000 }, ['memory.swap.max=3000', 'memory.max=max']],
    [{ limit: -1 }, ['memory.swap.max=max', 'memory.max=max']],
    [{ limit: 1000 }, ['memory.max=1000']],
    [{ reservation: 500 }, ['memory.low=500']],
  ])('%o becomes %o', (memory, expected) => {
    expect(pairs(plan(v2Host(), memory))).toEqual(expected);
  });

  it('cannot tell swap from memory and swap without the memory limit', () => {
    expect(() => plan(v2Host(), { swap: 3000 })).toThrow(
      expect.objectContaining({ source: '/linux/resources/memory/swap' }),
    );
  });

  it('tolerates a kernel without swap only where nothing is lost', () => {
    const tolerated = (memory: LinuxMemory) => plan(v2Host(), memory)[0];
    expect(tolerated({ limit: 1000, swap: 1000 })).toHaveProperty('tolerate');
    expect(tolerated({ limit: 1000, swap: 3000 })).not.toHaveProperty('tolerate');
  });

  it('checks usage first when asked, because the kernel would call the OOM killer', () => {
    const writes = plan(v2Host(), { limit: 1000, checkBeforeUpdate: true });
    expect(writes[0]).toMatchObject({ mustExceed: { file: 'memory.current', limit: 1000 } });
  });

  it.each(['swappiness', 'disableOOMKiller', 'kernelTCP'] as const)('refuses %s', (name) => {
    const memory = { swappiness: 1, disableOOMKiller: true, kernelTCP: 1 };
    expect(() => plan(v2Host(), { [name]: memory[name] })).toThrow(
      expect.objectContaining({
        code: 'CGROUP_UNSUPPORTED',
        source: `/linux/resources/memory/${name}`,
      }),
    );
  });
});

describe('memory on either', () => {
  it('has nothing to do for zeros, false, and the kernel limit that is gone', () => {
    const memory = { limit: 0, swap: 0, reservation: 0, kernel: 5, disableOOMKiller: false };
    expect(plan(v1Host(), memory)).toEqual([]);
    expect(plan(v2Host(), memory)).toEqual([]);
  });

  it('refuses memory and swap together below memory', () => {
    expect(() => plan(v1Host(), { limit: 2000, swap: 1999 })).toThrow(
      /memory\+swap limit should be >= memory limit/,
    );
  });

  it('refuses swappiness above 100', () => {
    expect(() => plan(v1Host(), { swappiness: 101 })).toThrow(/valid range is 0-100/);
  });
});
