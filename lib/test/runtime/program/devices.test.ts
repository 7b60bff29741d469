/** Device numbers and the nodes that a program makes (config-linux.md, "Devices"). */
import { expect, test } from 'vitest';
import { defaultSpec, type RuntimeConfig } from '../../../src/oci/index.ts';
import { buildContainerProgram, previewContext } from '../../../src/runtime/index.ts';
import { explain, makedev } from '../../../src/sys/index.ts';

test.each([
  { major: 1, minor: 3, number: 0x103 },
  { major: 0, minor: 0, number: 0 },
  { major: 255, minor: 255, number: 0xffff },
  { major: 8, minor: 256, number: 0x10_0800 },
  { major: 0xfff, minor: 0xfffff, number: 0xffff_ffff },
])('makedev($major, $minor) is $number', ({ major, minor, number }) => {
  expect(makedev(major, minor)).toBe(number);
});

function nodes(change: Partial<RuntimeConfig>): string[] {
  const context = previewContext({ ...defaultSpec(), ...change }, '/rootfs');
  const lines = explain(buildContainerProgram(context));
  return lines
    .filter((line) => line.includes('mknodat('))
    .map((line) => line.split('mknodat(')[1] ?? '');
}

const NAMESPACES = [{ type: 'mount' } as const];

test('every container has the six default devices', () => {
  const made = nodes({});
  const names = made.map((line) => /"(\w+)"/.exec(line)?.[1]);
  expect(names).toEqual(['null', 'zero', 'full', 'random', 'urandom', 'tty']);
});

test('a configured device takes the place of the default one of that path', () => {
  const devices = [{ path: '/dev//null', type: 'c', major: 9, minor: 9 } as const];
  const made = nodes({ linux: { namespaces: NAMESPACES, devices } });
  const nulls = made.filter((line) => line.includes('"null"'));
  expect(nulls).toHaveLength(1);
  expect(nulls[0]).toContain('/linux/devices/0');
});

test('where the host’s whole /dev is bound, nothing is made in it', () => {
  const mounts = [{ destination: '/dev', source: '/dev', options: ['rbind'] }];
  expect(nodes({ mounts, linux: { namespaces: NAMESPACES } })).toEqual([]);
});
