import { describe, expect, it } from 'vitest';
import { checkDeviceName } from '../../../src/runtime/netdevices/names.ts';
import { moveNetDevices } from '../../../src/runtime/netdevices/index.ts';

describe('names of network devices', () => {
  it.each(['eth0', 'a', 'fifteen-bytes-x', 'eth%d', 'wlan0.100', 'ü'])('%s is one', (name) => {
    expect(() => checkDeviceName('eth0', name)).not.toThrow();
  });

  it.each([
    ['', 'it is empty'],
    ['sixteen-bytes-xx', 'it has more than 15 bytes'],
    ['.', 'it would be a directory of /sys/class/net'],
    ['..', 'it would be a directory of /sys/class/net'],
    ['a/b', 'it has a slash, a colon or white space'],
    ['a:b', 'it has a slash, a colon or white space'],
    ['a b', 'it has a slash, a colon or white space'],
    ['eth%s', 'a template ends in its only %d'],
    ['%d%d', 'a template ends in its only %d'],
    ['eth%d0', 'a template ends in its only %d'],
  ])('%j is none', (name, why) => {
    expect(() => checkDeviceName('eth0', name)).toThrow(
      `network device eth0: ${JSON.stringify(name)} is no name of a network device: ${why}`,
    );
  });
});

it('all names are checked before the first device is moved', () => {
  const devices = { eth0: {}, eth1: { name: 'a/b' } };
  expect(() => moveNetDevices(devices, { pid: 0 })).toThrow(/^network device eth1: "a\/b"/);
});
