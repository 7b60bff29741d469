import { fstatSync, type Stats } from 'node:fs';
import type { LinuxDevice } from '../oci/index.ts';
import { makedev, O_PATH, openat2 } from '../sys/index.ts';
import { RuntimeError } from './errors.ts';

/**
 * Makes sure that what is at each path of `linux.devices` is the device asked for: an image may have
 * had something else there (config-linux.md, "Devices").
 *
 * @throws RuntimeError with the JSON pointer.
 */
export function checkDevices(rootFd: number, devices: readonly LinuxDevice[]): void {
  for (const [index, device] of devices.entries()) {
    using file = openat2(rootFd, device.path, O_PATH);
    if (isDevice(fstatSync(file.fd), device)) continue;
    throw new RuntimeError(
      'DEVICE',
      `/linux/devices/${index}: ${device.path} exists already and is not the device asked for; ` +
        'remove it from the root filesystem, or choose another path',
    );
  }
}

function isDevice(stat: Stats, device: LinuxDevice): boolean {
  if (device.type === 'p') return stat.isFIFO();
  const rightType = device.type === 'b' ? stat.isBlockDevice() : stat.isCharacterDevice();
  return rightType && stat.rdev === makedev(device.major ?? 0, device.minor ?? 0);
}
