/**
 * Network devices of the host, given to a container (config-linux.md, "Network Devices", 1.3).
 *
 *     host's socket        read the device's addresses     move, rename and renumber in one request
 *     container's socket   look for conflicts              add the addresses, bring the device up
 *
 * The kernel takes a device down, and its addresses off, when it moves. It does not check the new
 * name before the move, so this does: a refusal leaves the device as it was. Nothing is moved
 * back: when the namespace ends the kernel returns a physical device to the host.
 */
import type { LinuxNetDevices } from '../../oci/index.ts';
import { hasCode } from '../../sys/index.ts';
import {
  addressQuery,
  decodeAddress,
  encodeAddress,
  isCarried,
  RTM_GETADDR,
  RTM_NEWADDR,
  type Address,
} from './address.ts';
import { NetDeviceError } from './errors.ts';
import { routeSocketIn } from './inside.ts';
import {
  decodeLink,
  linkMove,
  linkQuery,
  linkUp,
  RTM_GETLINK,
  RTM_NEWLINK,
  type Link,
} from './link.ts';
import { NLM_F_CREATE, NLM_F_EXCL } from './message.ts';
import { checkDeviceName, isTemplate } from './names.ts';
import { RouteSocket } from './route-socket.ts';
import { openTarget, type NetworkNamespace } from './target.ts';

/**
 * Moves devices out of this thread's network namespace, keeps their permanent global addresses,
 * and brings them up; the first that cannot be moved ends it. Needs CAP_NET_ADMIN on both sides.
 *
 * @param devices `linux.netDevices` of config.json.
 * @returns host name → name in the container.
 * @throws NetDeviceError
 */
export function moveNetDevices(
  devices: LinuxNetDevices,
  target: NetworkNamespace,
): Record<string, string> {
  const wanted = Object.entries(devices).map(([name, device]) => {
    const newName = device.name === undefined || device.name === '' ? name : device.name;
    checkDeviceName(name, name);
    checkDeviceName(name, newName);
    return { name, newName };
  });
  const [first] = wanted;
  if (first === undefined) return {};
  using netns = openTarget(target, first.name);
  using host = new RouteSocket();
  using container = routeSocketIn(netns.fd);
  const names = wanted.map(({ name, newName }) => [
    name,
    moveOne({ host, container, netnsFd: netns.fd }, name, newName),
  ]);
  return Object.fromEntries(names) as Record<string, string>;
}

interface Sides {
  readonly host: RouteSocket;
  readonly container: RouteSocket;
  readonly netnsFd: number;
}

function moveOne({ host, container, netnsFd }: Sides, name: string, newName: string): string {
  const { index } = findOnHost(host, name);
  const addresses = listAddresses(host).filter((one) => one.index === index && isCarried(one));
  const taken = listLinks(container);
  if (taken.some((link) => link.name === newName)) {
    const message = `the container already has a device ${newName}; give it another name, or end the name in %d`;
    throw new NetDeviceError('NETDEVICE_EXISTS', name, message);
  }
  const move = { index, name: newName, netnsFd, newIndex: freeIndex(taken, index) };
  step(name, 'be moved', () => host.change(`move ${name}`, RTM_NEWLINK, linkMove(move)));
  const moved = findInContainer(container, name, move);
  for (const address of addresses) {
    const body = encodeAddress(address, moved.index);
    step(name, 'keep its addresses', () =>
      container.change(`add an address to ${moved.name}`, RTM_NEWADDR, body, CREATE),
    );
  }
  step(name, 'be brought up', () =>
    container.change(`set ${moved.name} up`, RTM_NEWLINK, linkUp(moved.index)),
  );
  return moved.name;
}

const CREATE = NLM_F_CREATE | NLM_F_EXCL;

function findOnHost(host: RouteSocket, name: string): Link {
  try {
    return decodeLink(host.get(`look for ${name}`, RTM_GETLINK, linkQuery(name)));
  } catch (cause) {
    if (!hasCode(cause, 'ENODEV')) throw cause;
    const message = 'the host has no such device; see ip link, or remove it from linux.netDevices';
    throw new NetDeviceError('NETDEVICE_MISSING', name, message, { cause });
  }
}

/** The number tells the device, whatever name a template has become; old kernels keep the name. */
function findInContainer(
  container: RouteSocket,
  name: string,
  move: { name: string; newIndex: number },
): Link {
  const links = listLinks(container);
  const found =
    links.find(({ index }) => index === move.newIndex) ??
    links.find((link) => !isTemplate(move.name) && link.name === move.name);
  if (found !== undefined) return found;
  const message = 'it was moved, and is gone from the container’s network namespace; try again';
  throw new NetDeviceError('NETDEVICE_MOVE', name, message);
}

function listLinks(socket: RouteSocket): Link[] {
  return socket.list('list links', RTM_GETLINK, linkQuery()).map(decodeLink);
}

function listAddresses(socket: RouteSocket): Address[] {
  return socket.list('list addresses', RTM_GETADDR, addressQuery()).map(decodeAddress);
}

/** The device's own number, or one that nobody has there. */
function freeIndex(taken: readonly Link[], index: number): number {
  const used = new Set(taken.map((link) => link.index));
  return used.has(index) ? Math.max(...used) + 1 : index;
}

function step(name: string, what: string, change: () => void): void {
  try {
    change();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new NetDeviceError('NETDEVICE_MOVE', name, `it cannot ${what}: ${why}`, { cause });
  }
}
