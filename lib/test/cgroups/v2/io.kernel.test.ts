/** Block devices on version 2: io.max on the machine's own disk, and what it does to direct writes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestCgroup, onVersionTwo } from '../kernel.ts';
import { diskOf } from './disk.ts';

const MB = 1 << 20;
const DISK = diskOf('/var/tmp');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync('/var/tmp/coracle-io-');
});

afterEach(() => rmSync(folder, { recursive: true }));

describe.runIf(onVersionTwo && DISK !== undefined)('a disk', () => {
  const device = { major: DISK?.major ?? 0, minor: DISK?.minor ?? 0 };
  const name = `${device.major}:${device.minor}`;
  /** Past the page cache, whose writes come later and from somewhere else. */
  const writeDirectly = (kilobytes: number): string =>
    `dd if=/dev/zero of=${join(folder, 'file')} bs=64k count=${kilobytes / 64} oflag=direct 2>&1`;

  it('ceilings are four numbers in one line, each its own to change', () => {
    using test = new TestCgroup();
    test.apply({
      blockIO: {
        throttleReadBpsDevice: [{ ...device, rate: 2 * MB }],
        throttleWriteIOPSDevice: [{ ...device, rate: 100 }],
      },
    });
    expect(test.read('', 'io.max')).toBe(`${name} rbps=2097152 wbps=max riops=max wiops=100`);
    test.apply({ blockIO: { throttleWriteBpsDevice: [{ ...device, rate: MB }] } });
    expect(test.read('', 'io.max')).toBe(`${name} rbps=2097152 wbps=1048576 riops=max wiops=100`);
    test.apply({ blockIO: { throttleWriteIOPSDevice: [{ ...device, rate: 0 }] } });
    expect(test.read('', 'io.max')).toBe(`${name} rbps=2097152 wbps=1048576 riops=max wiops=max`);
  });

  it('takes direct writes no faster than its ceiling, and counts them', () => {
    using free = new TestCgroup();
    using limited = new TestCgroup();
    limited.apply({ blockIO: { throttleWriteBpsDevice: [{ ...device, rate: MB / 4 }] } });
    const seconds = (test: TestCgroup): number => {
      const before = performance.now();
      expect(test.run(writeDirectly(1024)).status).toBe(0);
      return (performance.now() - before) / 1000;
    };
    const unhindered = seconds(free);
    // Four seconds' worth, of which the kernel may let the first moments' pass at once.
    expect(seconds(limited)).toBeGreaterThan(Math.max(3, unhindered));
    for (const test of [free, limited]) {
      expect(written(test)).toBeGreaterThanOrEqual(BigInt(MB));
    }
  });

  it('weight goes to whichever scheduler there is', () => {
    using test = new TestCgroup();
    test.apply({ blockIO: { weight: 505 } });
    const weights = ['io.bfq.weight', 'io.weight'].flatMap((file) => {
      try {
        return [test.read('', file)];
      } catch {
        return [];
      }
    });
    expect(weights).toContainEqual(expect.stringMatching(/^default (505|5000)$/));
  });

  it('that is not there is refused, and says so', () => {
    using test = new TestCgroup();
    const throttleReadBpsDevice = [{ major: 240, minor: 250, rate: 1000 }];
    expect(() => test.apply({ blockIO: { throttleReadBpsDevice } })).toThrow(/no such device/);
  });

  function written(test: TestCgroup): bigint {
    const entries = test.cgroup.stats().blkio.ioServiceBytesRecursive;
    const own = entries.find(
      ({ major, minor, op }) =>
        op === 'Write' && Number(major) === device.major && Number(minor) === device.minor,
    );
    return own?.value ?? 0n;
  }
});
