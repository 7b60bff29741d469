/** `unified`: files of version 2 by name, which have the last word. */
import { describe, expect, it } from 'vitest';
import { TestCgroup, onVersionTwo } from '../kernel.ts';

const MB = 1 << 20;

describe.runIf(onVersionTwo)('unified', () => {
  it('wins over what the other resources say', () => {
    using test = new TestCgroup();
    test.apply({
      unified: { 'memory.max': String(32 * MB), 'pids.max': '7', 'cpu.weight': '42' },
      memory: { limit: 64 * MB },
      pids: { limit: 99 },
      cpu: { shares: 1024 },
    });
    const files = ['memory.max', 'pids.max', 'cpu.weight'];
    expect(files.map((file) => test.read('', file))).toEqual([String(32 * MB), '7', '42']);
  });

  it('writes files that no other resource has, of the core as well', () => {
    using test = new TestCgroup();
    const unified = { 'memory.high': String(16 * MB), 'cgroup.max.depth': '3', 'cpu.max': '20000' };
    test.apply({ unified });
    expect(test.read('', 'memory.high')).toBe(String(16 * MB));
    expect(test.read('', 'cgroup.max.depth')).toBe('3');
    expect(test.read('', 'cpu.max')).toBe('20000 100000');
  });

  it('of a controller or a file that is not there is an error that names it', () => {
    using test = new TestCgroup();
    expect(() => test.apply({ unified: { 'blkio.weight': '5' } })).toThrow(
      expect.objectContaining({
        code: 'CGROUP_NO_CONTROLLER',
        source: '/linux/resources/unified/blkio.weight',
      }),
    );
    expect(() => test.apply({ unified: { 'memory.nothing': '5' } })).toThrow(
      expect.objectContaining({ code: 'CGROUP_WRITE', errno: 'ENOENT' }),
    );
  });

  it('that the kernel refuses is an error with file and value', () => {
    using test = new TestCgroup();
    expect(() => test.apply({ unified: { 'memory.max': 'plenty' } })).toThrow(
      expect.objectContaining({ errno: 'EINVAL', value: 'plenty' }),
    );
  });
});
