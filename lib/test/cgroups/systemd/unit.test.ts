/** All that systemd is told of a unit. */
import { expect, test } from 'vitest';
import { planUnitPlace } from '../../../src/cgroups/systemd/unit-place.ts';
import { planUnitProperties } from '../../../src/cgroups/systemd/unit-properties.ts';
import type { CgroupRequest } from '../../../src/cgroups/index.ts';

const REQUEST: CgroupRequest = {
  id: 'box',
  cgroupsPath: '',
  resources: {},
  devices: 'skip',
  annotations: {},
  owner: undefined,
  rootless: false,
};

function plan(request: Partial<CgroupRequest>, version = 252): Record<string, unknown> {
  const all = { ...REQUEST, ...request };
  const place = planUnitPlace(all.cgroupsPath, all.id, false);
  const properties = planUnitProperties(place, all, [], version);
  return Object.fromEntries(properties.map(({ name, value }) => [name, value]));
}

test('a scope is in its slice, delegated, counted, and outlives other units', () => {
  expect(plan({})).toEqual({
    Description: 'coracle container box',
    Slice: 'system.slice',
    Delegate: true,
    MemoryAccounting: true,
    CPUAccounting: true,
    IOAccounting: true,
    TasksAccounting: true,
    DefaultDependencies: false,
  });
});

test('a slice wants its parent, and is not delegated', () => {
  const properties = plan({ cgroupsPath: 'a.slice:x:b.slice' });
  expect(properties).toMatchObject({ Wants: ['a.slice'] });
  expect(properties).not.toHaveProperty('Slice');
  expect(properties).not.toHaveProperty('Delegate');
});

test('devices are said where the container gets rules at all', () => {
  expect(plan({ devices: 'apply' })).toMatchObject({ DevicePolicy: 'strict' });
  expect(plan({ devices: 'skip' })).not.toHaveProperty('DevicePolicy');
});

test.each([
  ['0', 'continue'],
  ['1', 'kill'],
])('memory.oom.group=%s is the OOM policy %s, since 253', (group, policy) => {
  const resources = { unified: { 'memory.oom.group': group } };
  expect(plan({ resources }, 253)).toMatchObject({ OOMPolicy: policy });
  expect(plan({ resources }, 252)).not.toHaveProperty('OOMPolicy');
});

test('annotations have the last word', () => {
  const annotations = { 'org.systemd.property.Description': "'mine'" };
  expect(plan({ annotations })).toMatchObject({ Description: 'mine' });
});
