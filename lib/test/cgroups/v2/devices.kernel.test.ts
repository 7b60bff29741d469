/** Device programs on version 2: nodes made and opened, and programs on the cgroups above. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  assembleDeviceProgram,
  countDevicePrograms,
  parseDeviceRules,
} from '../../../src/cgroups/index.ts';
import { TestCgroup, gone, onVersionTwo } from '../kernel.ts';

const LOOP = { type: 'b', major: 7 } as const;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coracle-devices-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe.runIf(onVersionTwo)('a device program', () => {
  const mknod = (type: string, major: number, minor: number): string =>
    `mknod ${folder}/${type}${major}:${minor} ${type} ${major} ${minor}`;
  const everythingDenied = { allow: false, access: 'rwm' } as const;

  it('refuses to make a node that no rule allows, and lets the allowed be made', () => {
    using test = new TestCgroup();
    // Without the usual rules, which allow every mknod.
    const rules = parseDeviceRules([{ allow: true, type: 'c', major: 1, minor: 3, access: 'm' }]);
    const at = { controller: 'devices', version: 2, file: 'BPF_CGROUP_DEVICE' } as const;
    const program = assembleDeviceProgram(rules);
    test.cgroup.apply([{ ...at, value: 'allow c 1:3 m', source: '/test', program }]);
    expect(test.run(mknod('c', 1, 3)).status).toBe(0);
    expect(test.run(mknod('c', 1, 5)).output).toMatch(/not permitted/);
    expect(test.run(mknod('b', 7, 0)).output).toMatch(/not permitted/);
  });

  it('lets a node be made and not used, which are two accesses', () => {
    using test = new TestCgroup();
    test.apply({ devices: [everythingDenied, { ...LOOP, allow: true, access: 'm' }] }, applied);
    expect(test.run(mknod('b', 7, 0)).status).toBe(0);
    expect(test.run(`: < ${folder}/b7:0`).output).toMatch(/not permitted/);
    expect(test.run(mknod('c', 1, 3)).status).toBe(0);
    expect(test.run(`echo x > ${folder}/c1:3`).status).toBe(0);
  });

  it('holds for everyone in cgroups below, whatever these allow', () => {
    using outer = new TestCgroup();
    using inner = new TestCgroup(undefined, `${outer.path}/inner`);
    outer.apply({ devices: [everythingDenied] }, applied);
    inner.apply({ devices: [{ allow: true, access: 'rwm' }] }, applied);
    expect(countDevicePrograms(inner.directory)).toBe(1);
    expect(inner.run('exec 3< /dev/kmsg').output).toMatch(/not permitted/);
    expect(inner.run('exec 3< /dev/null').status).toBe(0);
  });

  it('goes with its cgroup: a new one of the same path is open', () => {
    const closed = new TestCgroup(undefined, '/coracle-test-devices');
    closed.apply({ devices: [everythingDenied] }, applied);
    closed[Symbol.dispose]();
    using open = new TestCgroup(undefined, '/coracle-test-devices');
    expect(countDevicePrograms(open.directory)).toBe(0);
    expect(open.run('exec 3< /dev/kmsg').status).toBe(0);
  });

  it('lets a program that is already running keep what it has open, and opens nothing more', async () => {
    using test = new TestCgroup();
    const { child } = await test.start(
      'head -c 1 <&3 > /dev/null; (exec 4< /dev/kmsg) && exit 5; exit 6',
      'exec 3< /dev/kmsg; sleep 0.5',
    );
    test.apply({ devices: [everythingDenied] }, applied);
    await gone(child);
    expect(child.exitCode).toBe(6);
  });
});

const applied = { devices: 'apply' } as const;
