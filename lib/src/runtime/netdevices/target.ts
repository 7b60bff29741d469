import { fstatSync, openSync, statSync } from 'node:fs';
import { Descriptor } from '../../sys/index.ts';
import { NetDeviceError } from './errors.ts';

/** The container's network namespace: an open descriptor of it, or a process in it. */
export type NetworkNamespace = { readonly netnsFd: number } | { readonly pid: number };

/**
 * A descriptor of the namespace, to be closed by the caller.
 *
 * @param device the first device to be moved, for the error.
 * @throws NetDeviceError for this thread's own namespace: the device is there already.
 */
export function openTarget(target: NetworkNamespace, device: string): Descriptor {
  const path = 'pid' in target ? `/proc/${target.pid}/ns/net` : `/proc/self/fd/${target.netnsFd}`;
  const netns = new Descriptor(openSync(path, 'r'));
  const own = statSync('/proc/thread-self/ns/net');
  const other = fstatSync(netns.fd);
  if (own.ino !== other.ino || own.dev !== other.dev) return netns;
  netns.close();
  throw new NetDeviceError(
    'NETDEVICE_NAMESPACE',
    device,
    'the container shares the host’s network namespace; add one of type network to linux.namespaces',
  );
}
