/** A socket of another network namespace, in this process. */
import {
  AF_NETLINK,
  CLONE_NEWNET,
  Descriptor,
  NETLINK_ROUTE,
  NOTICE_SIZE,
  place,
  SCM_RIGHTS,
  SOCK_CLOEXEC,
  SOCK_RAW,
  socketpair,
  SOL_SOCKET,
  spawnProgram,
  SyscallProgram,
  words,
} from '../../sys/index.ts';
import { RouteSocket } from './route-socket.ts';

/**
 * Opens a routing socket that speaks about the network namespace of `netnsFd`.
 *
 * This process stays where it is: a child enters the namespace, makes the socket, sends it over
 * and ends. A socket keeps the namespace in which it was made (man 7 network_namespaces).
 *
 * @throws ProgramError if the namespace cannot be entered; EPERM without CAP_SYS_ADMIN over it.
 */
export function routeSocketIn(netnsFd: number): RouteSocket {
  const [control, childControl] = socketpair();
  const program = handOverSocket(netnsFd, childControl.fd);
  const name = 'coracle-netns';
  using child = spawnProgram(program, { control, childControl, keep: [netnsFd], name });
  try {
    const [fd] = child.receive()?.descriptors ?? [];
    if (fd === undefined) throw new TypeError('the child ended without sending its socket');
    return new RouteSocket(new Descriptor(fd));
  } finally {
    child.wait();
  }
}

/** The child's part: setns, socket, sendmsg with SCM_RIGHTS (man 3 cmsg), exit. */
function handOverSocket(netnsFd: number, controlFd: number): SyscallProgram {
  const program = new SyscallProgram();
  // `struct cmsghdr`: u64 length; int level, type; then the descriptor.
  const descriptorLength = 16 + 4;
  const levelAndType = (BigInt(SCM_RIGHTS) << 32n) | BigInt(SOL_SOCKET);
  const control = words([descriptorLength, levelAndType, 0], '{SCM_RIGHTS}');
  const data = words([words([0, 0]), NOTICE_SIZE], '{16 bytes}');
  const message = words([0, 0, data, 1, control, control.size, 0], '{msghdr with SCM_RIGHTS}');
  program.call('setns', [netnsFd, CLONE_NEWNET]);
  program.call('socket', [AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE], {
    storeAt: place(control, 16),
  });
  program.call('sendmsg', [controlFd, message, 0]);
  program.call('exit_group', [0]);
  return program;
}
