/** Device rules on the running kernel: /dev/kmsg (1:11) is not among the usual devices. */
import { closeSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  assembleDeviceProgram,
  countDevicePrograms,
  parseDeviceRules,
} from '../../src/cgroups/index.ts';
import type { CgroupHost } from '../../src/cgroups/index.ts';
import { addressOf, syscall } from '../../src/sys/index.ts';
import { TestCgroup, onVersionOne, unifiedOnly } from './kernel.ts';

const KMSG = { type: 'c', major: 1, minor: 11, access: 'r' } as const;
const OPEN_KMSG = 'exec 3< /dev/kmsg';

describe.runIf(onVersionOne)('version 1, a list', () => {
  rulesHold(() => undefined);
});
describe('version 2, a program', () => {
  rulesHold(unifiedOnly);
});

function rulesHold(host: () => CgroupHost | undefined): void {
  it('denies what no rule names, and leaves the usual devices', () => {
    using test = new TestCgroup(host());
    expect(test.run(OPEN_KMSG).status).toBe(0);
    test.apply({ devices: [{ allow: false, access: 'rwm' }] }, { devices: 'apply' });
    expect(test.run(OPEN_KMSG)).toMatchObject({
      output: expect.stringMatching(/not permitted/) as unknown,
    });
    expect(
      test.run('echo x > /dev/null && head -c1 /dev/zero && head -c1 /dev/urandom').status,
    ).toBe(0);
  });

  it('allows exactly the access that a rule names', () => {
    using test = new TestCgroup(host());
    test.apply({ devices: [{ ...KMSG, allow: true }] }, { devices: 'apply' });
    expect(test.run(OPEN_KMSG).status).toBe(0);
    expect(test.run('exec 3<> /dev/kmsg').output).toMatch(/not permitted/);
  });

  it('takes new rules in the place of the old', () => {
    using test = new TestCgroup(host());
    test.apply({}, { devices: 'apply' });
    test.apply({ devices: [{ ...KMSG, allow: true }] }, { devices: 'apply' });
    expect(test.run(OPEN_KMSG).status).toBe(0);
    test.apply({}, { devices: 'apply' });
    expect(test.run(OPEN_KMSG).status).not.toBe(0);
  });
}

describe('version 2', () => {
  it('has one program, however often the rules change', () => {
    using test = new TestCgroup(unifiedOnly());
    const directory = test.cgroup.paths[''] ?? '';
    expect(countDevicePrograms(directory)).toBe(0);
    for (const allow of [true, false, true]) {
      test.apply({ devices: [{ ...KMSG, allow }] }, { devices: 'apply' });
      expect(countDevicePrograms(directory)).toBe(1);
    }
  });

  it('also takes the place of programs that somebody else attached', () => {
    using test = new TestCgroup(unifiedOnly());
    const directory = test.cgroup.paths[''] ?? '';
    for (const rules of [[], [{ allow: true }]]) {
      attachBeside(directory, assembleDeviceProgram(parseDeviceRules(rules)));
    }
    expect(countDevicePrograms(directory)).toBe(2);
    expect(test.run('exec 3< /dev/null').status).not.toBe(0);
    test.apply({}, { devices: 'apply' });
    expect(countDevicePrograms(directory)).toBe(1);
    expect(test.run('exec 3< /dev/null').status).toBe(0);
  });

  it('lets a later rule take a device out of a wider one, which version 1 cannot', () => {
    using test = new TestCgroup(unifiedOnly());
    const devices = [
      { allow: true, type: 'c', major: 1 },
      { allow: false, type: 'c', major: 1, minor: 11, access: 'r' },
    ] as const;
    test.apply({ devices: [...devices] }, { devices: 'apply' });
    expect(test.run(OPEN_KMSG).status).not.toBe(0);
    expect(test.run('exec 3> /dev/kmsg').status).toBe(0);
  });
});

/** As systemd does it: one more program, which leaves the others. bpf(2). */
function attachBeside(directory: string, program: Uint8Array): void {
  const [BPF_PROG_LOAD, BPF_PROG_ATTACH] = [5, 8];
  const [BPF_PROG_TYPE_CGROUP_DEVICE, BPF_CGROUP_DEVICE, BPF_F_ALLOW_MULTI] = [15, 6, 2];
  const license = Buffer.from('GPL\0');
  const pointers = new BigUint64Array([addressOf(program), addressOf(license)]);
  const load = new Uint8Array(48);
  load.set(bytesOf([BPF_PROG_TYPE_CGROUP_DEVICE, program.length / 8]));
  load.set(new Uint8Array(pointers.buffer), 8);
  const cgroup = openSync(directory, 'r');
  const fd = syscall('bpf', BPF_PROG_LOAD, load, load.length);
  const attach = bytesOf([cgroup, fd, BPF_CGROUP_DEVICE, BPF_F_ALLOW_MULTI]);
  syscall('bpf', BPF_PROG_ATTACH, attach, attach.length);
  closeSync(fd);
  closeSync(cgroup);
}

function bytesOf(words: number[]): Uint8Array {
  return new Uint8Array(new Uint32Array(words).buffer);
}
