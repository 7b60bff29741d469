import { describe, expect, it } from 'vitest';
import {
  assembleDeviceProgram,
  explainDeviceProgram,
  parseDeviceRules,
  planResources,
} from '../../src/cgroups/index.ts';
import type { LinuxDeviceCgroup } from '../../src/oci/index.ts';
import { runDeviceProgram } from './bpf.ts';
import type { DeviceAccess } from './bpf.ts';
import { pairs, v1Host, v2Host } from './fixtures.ts';

const deny: LinuxDeviceCgroup = { allow: false, access: 'rwm' };
const may = (rules: LinuxDeviceCgroup[], wanted: DeviceAccess): boolean =>
  runDeviceProgram(assembleDeviceProgram(parseDeviceRules(rules)), wanted);
const device = (type: 'c' | 'b', major: number, minor: number, access: string): DeviceAccess => ({
  type,
  major,
  minor,
  access,
});

describe('the device program of version 2', () => {
  it('denies everything when there are no rules', () => {
    expect(may([], device('c', 1, 3, 'r'))).toBe(false);
  });

  it('allows everything after a rule that does', () => {
    expect(may([{ allow: true }], device('b', 8, 0, 'rwm'))).toBe(true);
  });

  it('tells type, major, minor and access apart', () => {
    const rules: LinuxDeviceCgroup[] = [
      deny,
      { allow: true, type: 'c', major: 10, minor: 229, access: 'rw' },
    ];
    expect(may(rules, device('c', 10, 229, 'rw'))).toBe(true);
    expect(may(rules, device('c', 10, 229, 'r'))).toBe(true);
    expect(may(rules, device('b', 10, 229, 'rw'))).toBe(false);
    expect(may(rules, device('c', 11, 229, 'rw'))).toBe(false);
    expect(may(rules, device('c', 10, 228, 'rw'))).toBe(false);
    expect(may(rules, device('c', 10, 229, 'rwm'))).toBe(false);
  });

  it('adds up accesses that separate rules allow', () => {
    const rules: LinuxDeviceCgroup[] = [
      { allow: true, type: 'c', major: 1, minor: 3, access: 'r' },
      { allow: true, type: 'c', major: 1, access: 'w' },
    ];
    expect(may(rules, device('c', 1, 3, 'rw'))).toBe(true);
    expect(may(rules, device('c', 1, 5, 'rw'))).toBe(false);
  });

  it('lets later rules win, also inside a wider one', () => {
    const rules: LinuxDeviceCgroup[] = [
      { allow: true, type: 'b', major: 8 },
      { allow: false, type: 'b', major: 8, minor: 1, access: 'w' },
    ];
    expect(may(rules, device('b', 8, 1, 'r'))).toBe(true);
    expect(may(rules, device('b', 8, 1, 'rw'))).toBe(false);
    expect(may(rules, device('b', 8, 2, 'rw'))).toBe(true);
  });

  it('compares device numbers without sign', () => {
    const rules: LinuxDeviceCgroup[] = [{ allow: true, type: 'c', major: 1, minor: 0xffff_ffff }];
    expect(may(rules, device('c', 1, 0xffff_ffff, 'r'))).toBe(true);
    expect(may(rules, device('c', 1, 0x7fff_ffff, 'r'))).toBe(false);
  });

  it('reads -1, as engines write it, as every number', () => {
    expect(may([{ allow: true, type: 'c', major: -1, minor: -1 }], device('c', 9, 9, 'r'))).toBe(
      true,
    );
  });

  it('answers as reading the rules one by one does, for any rules', () => {
    const next = generator(20_261_123);
    for (let round = 0; round < 300; round += 1) {
      const rules = Array.from({ length: next(6) }, () => randomRule(next));
      const wanted = device(next(2) ? 'c' : 'b', next(3), next(3), pickAccess(next));
      expect({ rules, wanted, may: may(rules, wanted) }).toEqual({
        rules,
        wanted,
        may: oracle(rules, wanted),
      });
    }
  });

  it('is the same bytes as ever for a rule that has every part', () => {
    const bytes = assembleDeviceProgram(
      parseDeviceRules([{ allow: true, type: 'c', major: 1, minor: 3, access: 'rw' }]),
    );
    const expected: [hex: string, text: string][] = [
      ['6112000000000000', 'r2 = *(u32 *)(r1 + 0)'],
      ['bf23000000000000', 'r3 = r2'],
      ['57020000ffff0000', 'r2 &= 65535'],
      ['7703000010000000', 'r3 >>= 16'],
      ['6114040000000000', 'r4 = *(u32 *)(r1 + 4)'],
      ['6115080000000000', 'r5 = *(u32 *)(r1 + 8)'],
      ['b706000000000000', 'r6 = 0'],
      ['5602030002000000', 'if w2 != 2 goto +3'],
      ['5604020001000000', 'if w4 != 1 goto +2'],
      ['5605010003000000', 'if w5 != 3 goto +1'],
      ['4706000006000000', 'r6 |= 6'],
      ['a706000007000000', 'r6 ^= 7'],
      ['5f63000000000000', 'r3 &= r6'],
      ['b700000001000000', 'r0 = 1'],
      ['1503010000000000', 'if r3 == 0 goto +1'],
      ['b700000000000000', 'r0 = 0'],
      ['9500000000000000', 'exit'],
    ];
    expect(Buffer.from(bytes).toString('hex').match(/.{16}/g)).toEqual(
      expected.map(([hex]) => hex),
    );
    expect(explainDeviceProgram(bytes)).toEqual(expected.map(([, text]) => text));
  });
});

describe('the device list of version 1', () => {
  const plan = (devices: LinuxDeviceCgroup[]) => pairs(planResources(v1Host(), { devices }));

  it('empties what was inherited, then allows the rules and the usual devices', () => {
    const lines = plan([deny, { allow: true, type: 'b', major: 8, minor: 0, access: 'r' }]);
    expect(lines.slice(0, 2)).toEqual(['devices.deny=a', 'devices.allow=b 8:0 r']);
    expect(lines).toContain('devices.allow=c 1:3 rwm');
    expect(lines).toContain('devices.allow=c *:* m');
  });

  it('closes all but the usual devices when there are no rules at all', () => {
    expect(plan([])[0]).toBe('devices.deny=a');
  });

  it('says nothing twice', () => {
    const null0: LinuxDeviceCgroup = { allow: true, type: 'c', major: 1, minor: 3, access: 'rw' };
    expect(plan([deny, null0, null0]).filter((line) => line.includes('1:3'))).toHaveLength(1);
  });

  it('denies exceptions when everything is allowed', () => {
    const lines = plan([{ allow: true }, { allow: false, type: 'b', major: 8 }]);
    // Without "m", since the usual devices, which anyone may make, come after.
    expect(lines).toEqual(['devices.allow=a', 'devices.deny=b 8:* rw']);
  });

  it('takes accesses away again', () => {
    const lines = plan([
      deny,
      { allow: true, type: 'b', major: 8, minor: 1 },
      { allow: false, type: 'b', major: 8, access: 'w' },
    ]);
    expect(lines).toContain('devices.allow=b 8:1 rm');
  });

  it('refuses a hole in a wider rule, which the kernel would ignore in silence', () => {
    const rules: LinuxDeviceCgroup[] = [
      { allow: true, type: 'b', major: 8 },
      { allow: false, type: 'b', major: 8, minor: 1 },
    ];
    expect(() => plan(rules)).toThrow(
      expect.objectContaining({ code: 'CGROUP_INVALID', source: '/linux/resources/devices/1' }),
    );
  });
});

describe('device rules', () => {
  it.each([
    [{ allow: true, type: 'c' as const, access: 'rx' }, '/linux/resources/devices/0/access'],
    [{ allow: true, type: 'c' as const, major: 2 ** 32 }, '/linux/resources/devices/0/major'],
    [{ allow: true, type: 'p' as 'c' }, '/linux/resources/devices/0/type'],
  ])('%o is refused at %s', (rule, source) => {
    expect(() => planResources(v2Host(), { devices: [rule] })).toThrow(
      expect.objectContaining({ code: 'CGROUP_INVALID', source }),
    );
  });

  it('that deny may say "a" for every access, those that allow may not', () => {
    const rule = { type: 'c', major: 1, minor: 11, access: 'rwa' } as const;
    expect(may([{ allow: true }, { ...rule, allow: false }], device('c', 1, 11, 'm'))).toBe(false);
    expect(() => may([{ ...rule, allow: true }], device('c', 1, 11, 'm'))).toThrow(/not made of/);
  });

  it('never take the usual devices away', () => {
    const [write] = planResources(v2Host(), { devices: [deny] });
    if (!write || !('program' in write)) throw new Error('no program');
    expect(runDeviceProgram(write.program, device('c', 1, 3, 'rw'))).toBe(true);
    expect(runDeviceProgram(write.program, device('c', 1, 1, 'r'))).toBe(false);
    expect(runDeviceProgram(write.program, device('b', 8, 0, 'm'))).toBe(true);
    expect(runDeviceProgram(write.program, device('b', 8, 0, 'r'))).toBe(false);
  });

  it('stay as they are on an update', () => {
    expect(planResources(v1Host(), { devices: [deny] }, { devices: 'skip' })).toEqual([]);
  });
});

/** The specification, literally: each wanted access is decided by the last rule about it. */
function oracle(rules: readonly LinuxDeviceCgroup[], wanted: DeviceAccess): boolean {
  return Array.from(wanted.access).every((letter) => {
    const last = rules.findLast(
      (rule) =>
        ['a', wanted.type].includes(rule.type ?? 'a') &&
        [undefined, wanted.major].includes(rule.major) &&
        [undefined, wanted.minor].includes(rule.minor) &&
        (rule.access ?? 'rwm').includes(letter),
    );
    return last?.allow ?? false;
  });
}

type Next = (below: number) => number;

/** A small generator of our own, so that a failure can be repeated. */
function generator(seed: number): Next {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

const pickAccess = (next: Next): string => ['r', 'w', 'm', 'rw', 'rm', 'wm', 'rwm'][next(7)] ?? 'r';

function randomRule(next: Next): LinuxDeviceCgroup {
  return {
    allow: next(2) === 1,
    type: (['a', 'c', 'b'] as const)[next(3)] ?? 'a',
    ...(next(2) && { major: next(3) }),
    ...(next(2) && { minor: next(3) }),
    access: pickAccess(next),
  };
}
