/** Device rules as systemd's list, or systemd kept out of it. */
import { expect, test } from 'vitest';
import { planDeviceProperties } from '../../../src/cgroups/systemd/device-properties.ts';
import type { LinuxDeviceCgroup } from '../../../src/oci/index.ts';

const DENY_ALL = { allow: false, access: 'rwm' };

/** The policy, and the list with the usual devices taken off its front and end. */
function plan(rules: LinuxDeviceCgroup[], version = 252): { policy: unknown; list: string[] } {
  const properties = planDeviceProperties(rules, version);
  const list = properties.findLast(({ name }) => name === 'DeviceAllow')?.value as string[][];
  const policy = properties.find(({ name }) => name === 'DevicePolicy')?.value;
  return { policy, list: list.map((entry) => entry.join(' ')) };
}

const USUAL = [
  'char-* m',
  'block-* m',
  '/dev/char/1:3 rwm',
  '/dev/char/1:8 rwm',
  '/dev/char/1:7 rwm',
  '/dev/char/5:0 rwm',
  '/dev/char/1:5 rwm',
  '/dev/char/1:9 rwm',
  'char-136 rwm',
  '/dev/char/5:2 rwm',
  '/dev/char/10:200 rwm',
];

test('without rules the list is that of the usual devices, and there is nothing else', () => {
  expect(plan([])).toEqual({ policy: 'strict', list: USUAL });
  expect(plan([DENY_ALL])).toEqual({ policy: 'strict', list: USUAL });
});

test('a device, all of a major number, and all of a type are entries', () => {
  const rules = [
    DENY_ALL,
    { allow: true, type: 'b' as const, major: 8, minor: 0, access: 'r' },
    { allow: true, type: 'c' as const, major: 195, access: 'rw' },
    { allow: true, type: 'b' as const, access: 'w' },
  ];
  const { policy, list } = plan(rules);
  expect(policy).toBe('strict');
  expect(list.slice(0, 3)).toEqual(['/dev/block/8:0 r', 'char-195 rw', 'block-* wm']);
});

test.each<[string, LinuxDeviceCgroup[]]>([
  ['everything is allowed', [{ allow: true, access: 'rwm' }]],
  [
    'everything but a device is',
    [
      { allow: true, access: 'rwm' },
      { allow: false, type: 'b', major: 8, minor: 0, access: 'rwm' },
    ],
  ],
  [
    'one minor number of every major is',
    [DENY_ALL, { allow: true, type: 'c', minor: 3, access: 'r' }],
  ],
  [
    'one is taken out of a whole major',
    [
      { allow: true, type: 'b', major: 8, access: 'rwm' },
      { allow: false, type: 'b', major: 8, minor: 0, access: 'w' },
    ],
  ],
])('when %s systemd is kept out of it', (_, rules) => {
  expect(plan(rules)).toEqual({ policy: 'auto', list: [] });
});

test('a systemd that needs the device to be there is kept out of it', () => {
  expect(plan([], 239)).toEqual({ policy: 'auto', list: [] });
});

test('the list is emptied before it is set, which only adds', () => {
  expect(planDeviceProperties([], 252)[0]).toMatchObject({ name: 'DeviceAllow', value: [] });
});
