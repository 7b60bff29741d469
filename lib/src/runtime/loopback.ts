/**
 * The loopback device of a new network namespace: it is there, but down, and a container that
 * binds to 127.0.0.1 fails until somebody brings it up. Both runc and crun do.
 */
import { AF_UNIX, bytes, SOCK_CLOEXEC, SOCK_DGRAM, type SyscallProgram } from '../sys/index.ts';

/**
 * Appends what `ip link set lo up` does, three calls; to be run inside the new network namespace.
 *
 * Needs CAP_NET_ADMIN there. The ioctl is taken by a socket of any family (man 7 netdevice), so
 * this one has nothing to do with the network and also works where IPv4 is not built in.
 */
export function appendLoopbackUp(program: SyscallProgram): void {
  const socket = program.call('socket', [AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0]);
  program.call('ioctl', [socket, SIOCSIFFLAGS, flagsRequest('lo', IFF_UP)]);
  program.call('close', [socket]);
}

const SIOCSIFFLAGS = 0x8914;
const IFF_UP = 1;
const IFREQ_SIZE = 40;
const IFNAMSIZ = 16;

/** `struct ifreq`: the device's name, then the union, here `short ifr_flags`. */
function flagsRequest(name: string, flags: number): ReturnType<typeof bytes> {
  const request = Buffer.alloc(IFREQ_SIZE);
  request.write(name, 0, IFNAMSIZ - 1);
  request.writeInt16LE(flags, IFNAMSIZ);
  return bytes(request, `{ifr_name="${name}", ifr_flags=IFF_UP}`);
}
