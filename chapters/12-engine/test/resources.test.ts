/** The flags of `update` as resources of config-linux.md. */
import { describe, expect, it } from 'vitest';
import { parseFlags } from '../src/runtime-cli/flags.ts';
import { RESOURCE_FLAGS, resourcesFromFlags } from '../src/runtime-cli/resources.ts';

const resources = (line: string) =>
  resourcesFromFlags(parseFlags(RESOURCE_FLAGS, line.split(' ').filter(Boolean), false).values);

describe('an update by flags', () => {
  it.each([
    ['', {}],
    ['--memory 64m', { memory: { limit: 67_108_864 } }],
    ['--memory 1g --memory-swap 2g', { memory: { limit: 2 ** 30, swap: 2 ** 31 } }],
    ['--memory-reservation 1048576', { memory: { reservation: 1_048_576 } }],
    ['--cpu-quota -1 --cpu-period 100000', { cpu: { quota: -1, period: 100_000 } }],
    ['--cpu-share 512 --cpu-burst 5', { cpu: { shares: 512, burst: 5 } }],
    [
      '--cpu-rt-period 1000000 --cpu-rt-runtime 950000',
      { cpu: { realtimePeriod: 1_000_000, realtimeRuntime: 950_000 } },
    ],
    ['--cpuset-cpus 0-1 --cpuset-mems 0', { cpu: { cpus: '0-1', mems: '0' } }],
    ['--cpu-idle 1', { cpu: { idle: 1 } }],
    ['--pids-limit 0', { pids: { limit: 0 } }],
    ['--pids-limit=-1', { pids: { limit: -1 } }],
    ['--blkio-weight 500', { blockIO: { weight: 500 } }],
  ])('%j changes only what it names', (line, expected) => {
    expect(resources(line)).toEqual(expected);
  });

  it('takes the limit of swap away with that of memory', () => {
    expect(resources('--memory -1')).toEqual({ memory: { limit: -1, swap: 0 } });
    expect(resources('--memory -1 --memory-swap -1')).toEqual({ memory: { limit: -1, swap: -1 } });
  });

  it('is exact beyond what a number holds', () => {
    expect(resources('--cpu-share 9007199254740993')).toEqual({
      cpu: { shares: 9_007_199_254_740_993n },
    });
  });

  it.each([
    ['--memory lots', 'invalid value for memory: "lots"; give a size'],
    ['--memory -2', 'invalid value for memory: "-2"'],
    ['--cpu-share -1', 'invalid value for cpu-share: "-1"; give a whole number, 0 or more'],
    ['--cpu-quota 1.5', 'invalid value for cpu-quota: "1.5"; give a whole number'],
    ['--l3-cache-schema L3:0=f', '--l3-cache-schema: Intel RDT is not supported'],
  ])('%s is refused', (line, message) => expect(() => resources(line)).toThrow(message));
});
