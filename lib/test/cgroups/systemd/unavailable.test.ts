/** A host that systemd does not run: the flag is refused before anything is made. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planCgroup, type CgroupRequest } from '../../../src/cgroups/index.ts';
import { hybridHost, v2Host } from '../fixtures.ts';

const REQUEST: CgroupRequest = {
  id: 'box',
  cgroupsPath: '',
  resources: {},
  devices: 'skip',
  annotations: {},
  owner: undefined,
  rootless: false,
};

test.skipIf(existsSync('/run/systemd/system')).each([
  ['version 2', v2Host],
  ['both versions', hybridHost],
])('with %s of cgroups: says so, and what to do instead', (_, host) => {
  const plan = (): unknown => planCgroup('systemd', host(), REQUEST);
  expect(plan).toThrow(/not booted with systemd \(there is no \/run\/systemd\/system\)/);
  expect(plan).toThrow(/leave the flag out and write linux\.cgroupsPath as a path/);
});

test('a path of the other driver is refused for its form, systemd or not', () => {
  const plan = (): unknown =>
    planCgroup('systemd', v2Host(), { ...REQUEST, cgroupsPath: '/docker/1234' });
  expect(plan).toThrow(/"slice:prefix:name"/);
});
