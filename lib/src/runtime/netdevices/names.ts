import { NetDeviceError } from './errors.ts';

/** IFNAMSIZ of linux/if.h, without the NUL. */
const MAX_BYTES = 15;

/**
 * Refuses what the kernel does not take as a device's name, before anything has been moved.
 *
 * @param device the device's name on the host, for the error.
 * @param name that name or the one in the container, which may end in `%d`: the kernel then puts
 * the first free number there.
 * @throws NetDeviceError `NETDEVICE_NAME`.
 */
export function checkDeviceName(device: string, name: string): void {
  const wrong = whatIsWrong(name);
  if (wrong === undefined) return;
  const message = `${JSON.stringify(name)} is no name of a network device: ${wrong}`;
  throw new NetDeviceError('NETDEVICE_NAME', device, message);
}

/** Whether the kernel is to find a number for the name. */
export function isTemplate(name: string): boolean {
  return name.includes('%');
}

function whatIsWrong(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (Buffer.byteLength(name) > MAX_BYTES) return `it has more than ${MAX_BYTES} bytes`;
  if (name === '.' || name === '..') return 'it would be a directory of /sys/class/net';
  if (/[/:\s\0]/.test(name)) return 'it has a slash, a colon or white space';
  if (isTemplate(name) && !/^[^%]*%d$/.test(name)) return 'a template ends in its only %d';
  return undefined;
}
