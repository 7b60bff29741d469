/** Unix sockets: the control link to a child, the start socket, console and seccomp listeners. */
import {
  SOCK_CLOEXEC,
  AF_UNIX,
  MSG_CMSG_CLOEXEC,
  MSG_NOSIGNAL,
  SCM_RIGHTS,
  SOCK_SEQPACKET,
  SOL_SOCKET,
} from '../constants/socket.ts';
import { Descriptor } from '../descriptor.ts';
import { addressOf, syscall } from '../libc.ts';

/** A message from a socket that keeps message boundaries. */
export interface SocketMessage {
  readonly data: Buffer;
  /** Descriptors that came with it (SCM_RIGHTS); now this process's to close. */
  readonly descriptors: number[];
}

/** `int socketpair(int domain, int type, int protocol, int sv[2])`, AF_UNIX, close-on-exec. */
export function socketpair(type: number = SOCK_SEQPACKET): [Descriptor, Descriptor] {
  const pair = new Int32Array(2);
  syscall('socketpair', AF_UNIX, type | SOCK_CLOEXEC, 0, new Uint8Array(pair.buffer));
  return [new Descriptor(pair[0] ?? -1), new Descriptor(pair[1] ?? -1)];
}

/** `int socket(int domain, int type, int protocol)`, close-on-exec. */
export function socket(domain: number, type: number, protocol = 0): Descriptor {
  return new Descriptor(syscall('socket', domain, type | SOCK_CLOEXEC, protocol));
}

/** `int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen)` to a path (unix(7)). */
export function bindPath(fd: number, path: string): void {
  const address = unixAddress(path);
  syscall('bind', fd, address, address.length);
}

/** `int listen(int sockfd, int backlog)`. */
export function listen(fd: number, backlog: number): void {
  syscall('listen', fd, backlog);
}

/** `int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen)` to a path. */
export function connectPath(fd: number, path: string): void {
  const address = unixAddress(path);
  syscall('connect', fd, address, address.length);
}

/**
 * `ssize_t recvmsg(int sockfd, struct msghdr *msg, int flags)`: waits for one message.
 *
 * @param size the most bytes to take.
 * @returns the message; empty `data` at the end of the stream.
 */
export function receiveMessage(fd: number, size: number): SocketMessage {
  const data = Buffer.alloc(size);
  const control = Buffer.alloc(CONTROL_SIZE);
  const header = messageHeader(data, control);
  const length = syscall('recvmsg', fd, header, MSG_CMSG_CLOEXEC);
  return { data: data.subarray(0, length), descriptors: readDescriptors(header, control) };
}

/** `ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags)` with descriptors. */
export function sendMessage(
  fd: number,
  data: Uint8Array,
  descriptors: readonly number[] = [],
): void {
  const control = Buffer.alloc(descriptors.length === 0 ? 0 : align8(16 + descriptors.length * 4));
  if (descriptors.length > 0) {
    control.writeBigUInt64LE(BigInt(16 + descriptors.length * 4), 0);
    control.writeInt32LE(SOL_SOCKET, 8);
    control.writeInt32LE(SCM_RIGHTS, 12);
    for (const [index, descriptor] of descriptors.entries()) {
      control.writeInt32LE(descriptor, 16 + index * 4);
    }
  }
  syscall('sendmsg', fd, messageHeader(data, control), MSG_NOSIGNAL);
}

/** Room for 16 descriptors. */
const CONTROL_SIZE = 16 + 64;

/** `struct msghdr` (56 bytes) followed by its one `struct iovec`. */
function messageHeader(data: Uint8Array, control: Uint8Array): Buffer {
  const header = Buffer.alloc(56 + 16);
  header.writeBigUInt64LE(addressOf(header) + 56n, 16); // msg_iov
  header.writeBigUInt64LE(1n, 24); // msg_iovlen
  if (control.length > 0) header.writeBigUInt64LE(addressOf(control), 32);
  header.writeBigUInt64LE(BigInt(control.length), 40);
  header.writeBigUInt64LE(addressOf(data), 56);
  header.writeBigUInt64LE(BigInt(data.length), 64);
  return header;
}

/** The descriptors of a first SCM_RIGHTS control message (cmsg(3)). */
function readDescriptors(header: Buffer, control: Buffer): number[] {
  if (header.readBigUInt64LE(40) < 16n) return [];
  if (control.readInt32LE(8) !== SOL_SOCKET || control.readInt32LE(12) !== SCM_RIGHTS) return [];
  const count = (Number(control.readBigUInt64LE(0)) - 16) / 4;
  return Array.from({ length: count }, (_, index) => control.readInt32LE(16 + index * 4));
}

/**
 * `struct sockaddr_un`: 108 bytes of path.
 *
 * @throws RangeError for a longer path; reach it through `/proc/self/fd/N` of its directory.
 */
function unixAddress(path: string): Buffer {
  const bytes = Buffer.from(path);
  if (bytes.length > 107) {
    throw new RangeError(`a Unix socket's path has at most 107 bytes: ${path}`);
  }
  const address = Buffer.alloc(110);
  address.writeUInt16LE(AF_UNIX, 0);
  bytes.copy(address, 2);
  return address;
}

function align8(size: number): number {
  return (size + 7) & ~7;
}
