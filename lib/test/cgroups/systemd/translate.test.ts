/** Planned writes of version 2 files as properties of a unit. */
import { describe, expect, test } from 'vitest';
import { planResources } from '../../../src/cgroups/index.ts';
import { roundQuotas } from '../../../src/cgroups/systemd/cpu-quota.ts';
import { translateWrites } from '../../../src/cgroups/systemd/translate.ts';
import type { LinuxResources } from '../../../src/oci/index.ts';
import { pairs, v2Host } from '../fixtures.ts';

const INFINITY = 2n ** 64n - 1n;

/** `{ MemoryMax: 1n }` */
function translate(resources: LinuxResources, version = 252): Record<string, unknown> {
  const writes = planResources(v2Host(), resources, { devices: 'skip' });
  const properties = translateWrites(writes, resources, version);
  return Object.fromEntries(properties.map(({ name, value }) => [name, value]));
}

describe('memory', () => {
  test('limit, reservation, and swap without the memory in it', () => {
    expect(translate({ memory: { limit: 64, reservation: 32, swap: 100 } })).toEqual({
      MemoryMax: 64n,
      MemoryLow: 32n,
      MemorySwapMax: 36n,
    });
  });

  test('-1 is infinity', () => {
    expect(translate({ memory: { limit: -1, reservation: -1 } })).toEqual({
      MemoryMax: INFINITY,
      MemorySwapMax: INFINITY,
      MemoryLow: INFINITY,
    });
  });

  test('nothing asked for is nothing said', () => {
    expect(translate({ memory: { limit: 0 }, cpu: {}, pids: {} })).toEqual({});
  });
});

describe('CPU time', () => {
  test('shares become a weight', () => {
    expect(translate({ cpu: { shares: 1024 } })).toEqual({ CPUWeight: 100n });
  });

  test('idle is the weight 0, for a systemd that knows it, and beats shares', () => {
    expect(translate({ cpu: { shares: 1024, idle: 1 } })).toEqual({ CPUWeight: 0n });
    expect(translate({ unified: { 'cpu.idle': '1', 'cpu.weight': '5' } })).toEqual({
      CPUWeight: 0n,
    });
    expect(translate({ cpu: { idle: 1 } }, 251)).toEqual({});
    expect(translate({ cpu: { idle: 0 } })).toEqual({});
  });

  test.each([
    [{ quota: 50_000 }, { CPUQuotaPerSecUSec: 500_000n }],
    [
      { quota: 50_000, period: 50_000 },
      { CPUQuotaPerSecUSec: 1_000_000n, CPUQuotaPeriodUSec: 50_000n },
    ],
    [{ quota: 12_345 }, { CPUQuotaPerSecUSec: 130_000n }],
    [{ quota: -1 }, { CPUQuotaPerSecUSec: INFINITY }],
    [{ period: 20_000 }, { CPUQuotaPerSecUSec: INFINITY, CPUQuotaPeriodUSec: 20_000n }],
  ])('%j is a quota a second, in whole percent', (cpu, properties) => {
    expect(translate({ cpu })).toEqual(properties);
  });

  test('a systemd before 242 gets no period', () => {
    expect(translate({ cpu: { quota: 10_000, period: 20_000 } }, 241)).toEqual({
      CPUQuotaPerSecUSec: 500_000n,
    });
  });

  test('the file gets the same whole percent, but for what unified says', () => {
    const rounded = (resources: LinuxResources): string[] =>
      pairs(roundQuotas(planResources(v2Host(), resources, { devices: 'skip' })));
    expect(rounded({ cpu: { quota: 12_345 } })).toEqual(['cpu.max=13000 100000']);
    expect(rounded({ cpu: { quota: 1001, period: 10_000 } })).toEqual(['cpu.max=1100 10000']);
    expect(rounded({ cpu: { quota: 12_000 } })).toEqual(['cpu.max=12000 100000']);
    expect(rounded({ cpu: { period: 20_000 } })).toEqual(['cpu.max=max 20000']);
    expect(rounded({ unified: { 'cpu.max': '12345' } })).toEqual(['cpu.max=12345']);
  });
});

describe('CPUs and memory nodes', () => {
  test('are bit masks, lowest byte first', () => {
    expect(translate({ cpu: { cpus: '0-3,8', mems: '0' } })).toEqual({
      AllowedCPUs: [0x0f, 0x01],
      AllowedMemoryNodes: [0x01],
    });
  });

  test('a gap is zeros', () => {
    expect(translate({ cpu: { cpus: '17' } })).toEqual({ AllowedCPUs: [0, 0, 2] });
  });

  test('are unknown before 244', () => {
    expect(translate({ cpu: { cpus: '0' } }, 243)).toEqual({});
  });
});

describe('tasks and block devices', () => {
  test.each([
    [5, 5n],
    [0, 1n],
    [-1, INFINITY],
  ])('a limit of %d tasks', (limit, TasksMax) => {
    expect(translate({ pids: { limit } })).toEqual({ TasksMax });
  });

  test('the weight for all devices is translated, as OCI’s is to io.weight', () => {
    expect(translate({ blockIO: { weight: 500 } })).toEqual({ IOWeight: 4950n });
  });

  test('what is for one device is for the files alone, which systemd leaves as they are', () => {
    const device = { major: 8, minor: 0 };
    const blockIO = {
      weightDevice: [{ ...device, weight: 20 }],
      throttleReadBpsDevice: [{ ...device, rate: 1000 }],
    };
    expect(translate({ blockIO })).toEqual({});
  });
});

describe('unified', () => {
  test('is translated file by file, and has the last word', () => {
    const unified = {
      'memory.max': '64M',
      'memory.high': ' 1000 ',
      'memory.min': 'max',
      'memory.swap.max': '0',
      'pids.max': '0',
      'cpu.weight': '7',
      'cpu.max': '50000',
      'cpuset.cpus': '1',
      'io.weight': 'default 30',
    };
    expect(translate({ unified, memory: { limit: 5 } })).toEqual({
      MemoryMax: 64n << 20n,
      MemoryHigh: 1000n,
      MemoryMin: INFINITY,
      MemorySwapMax: 0n,
      TasksMax: 1n,
      CPUWeight: 7n,
      CPUQuotaPerSecUSec: 500_000n,
      CPUQuotaPeriodUSec: 100_000n,
      AllowedCPUs: [2],
      IOWeight: 30n,
    });
  });

  test('what only the kernel can judge, and files that systemd does not know, are left to it', () => {
    const unified = {
      'memory.max': 'much',
      'cpu.max': '1 2 3',
      'cpuset.cpus': '5-1',
      'hugetlb.2MB.max': '0',
      'memory.zswap.max': '0',
    };
    expect(translate({ unified })).toEqual({});
    expect(translate({ unified }, 253)).toEqual({ MemoryZSwapMax: 0n });
  });
});
