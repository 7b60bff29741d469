/** Unix sockets: the control link to a child, the start socket, console and seccomp listeners. */
import { closeSync } from 'node:fs';
import {
  SOCK_CLOEXEC,
  AF_UNIX,
  MSG_CMSG_CLOEXEC,
  MSG_CTRUNC,
  MSG_NOSIGNAL,
  MSG_TRUNC,
  SCM_RIGHTS,
  SOCK_SEQPACKET,
  SOL_SOCKET,
} from '../constants/socket.ts';
import { Descriptor } from '../descriptor.ts';
import { CoracleError } from '../../base/index.ts';
import { LAYOUT } from '../layouts.ts';
import { setPointer, syscall, syscallRetry } from '../libc.ts';

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

/** `int accept4(int sockfd, struct sockaddr *addr, socklen_t *addrlen, int flags)`: waits for one. */
export function accept(fd: number): Descriptor {
  return new Descriptor(syscallRetry('accept4', fd, null, null, SOCK_CLOEXEC));
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
 * @throws SyscallError ECONNRESET when the other side has gone with messages unread; CoracleError
 *   SOCKET_TRUNCATED when there were more bytes, or more than 16 descriptors.
 */
export function receiveMessage(fd: number, size: number): SocketMessage {
  const data = Buffer.alloc(size);
  const control = Buffer.alloc(cmsgSpace(MOST_DESCRIPTORS));
  const header = messageHeader(data, control);
  const length = syscallRetry('recvmsg', fd, header, MSG_CMSG_CLOEXEC);
  const descriptors = readDescriptors(header, control);
  if ((header.readInt32LE(MSGHDR.msg_flags) & (MSG_TRUNC | MSG_CTRUNC)) !== 0) {
    for (const descriptor of descriptors) closeSync(descriptor);
    throw new CoracleError(
      'SOCKET_TRUNCATED',
      `a message has more than ${size} bytes or ${MOST_DESCRIPTORS} descriptors; the sender must send less`,
    );
  }
  return { data: data.subarray(0, length), descriptors };
}

/**
 * `ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags)` with descriptors (unix(7)).
 *
 * @throws SyscallError EPIPE when the other side has gone; no SIGPIPE.
 */
export function sendMessage(
  fd: number,
  data: Uint8Array,
  descriptors: readonly number[] = [],
): void {
  syscallRetry('sendmsg', fd, messageHeader(data, rights(descriptors)), MSG_NOSIGNAL);
}

const { msghdr: MSGHDR, iovec: IOVEC, cmsghdr: CMSGHDR, sockaddr_un: SOCKADDR } = LAYOUT;
const MOST_DESCRIPTORS = 16;

/** `struct msghdr`, followed by its one `struct iovec`. */
function messageHeader(data: Uint8Array, control: Uint8Array): Buffer {
  const header = Buffer.alloc(MSGHDR.sizeof + IOVEC.sizeof);
  setPointer(header, MSGHDR.msg_iov, header.subarray(MSGHDR.sizeof));
  header.writeBigUInt64LE(1n, MSGHDR.msg_iovlen);
  setPointer(header, MSGHDR.msg_control, control);
  header.writeBigUInt64LE(BigInt(control.length), MSGHDR.msg_controllen);
  setPointer(header, MSGHDR.sizeof + IOVEC.iov_base, data);
  header.writeBigUInt64LE(BigInt(data.length), MSGHDR.sizeof + IOVEC.iov_len);
  return header;
}

/** One SCM_RIGHTS control message, or nothing for no descriptors (cmsg(3)). */
function rights(descriptors: readonly number[]): Buffer {
  if (descriptors.length === 0) return Buffer.alloc(0);
  const control = Buffer.alloc(cmsgSpace(descriptors.length));
  const length = CMSGHDR.sizeof + descriptors.length * 4;
  control.writeBigUInt64LE(BigInt(length), CMSGHDR.cmsg_len);
  control.writeInt32LE(SOL_SOCKET, CMSGHDR.cmsg_level);
  control.writeInt32LE(SCM_RIGHTS, CMSGHDR.cmsg_type);
  for (const [index, descriptor] of descriptors.entries()) {
    control.writeInt32LE(descriptor, CMSGHDR.sizeof + index * 4);
  }
  return control;
}

/** The descriptors of a first SCM_RIGHTS control message. */
function readDescriptors(header: Buffer, control: Buffer): number[] {
  if (header.readBigUInt64LE(MSGHDR.msg_controllen) < CMSGHDR.sizeof) return [];
  if (control.readInt32LE(CMSGHDR.cmsg_level) !== SOL_SOCKET) return [];
  if (control.readInt32LE(CMSGHDR.cmsg_type) !== SCM_RIGHTS) return [];
  const count = (Number(control.readBigUInt64LE(CMSGHDR.cmsg_len)) - CMSGHDR.sizeof) / 4;
  return Array.from({ length: count }, (_, index) =>
    control.readInt32LE(CMSGHDR.sizeof + index * 4),
  );
}

/** CMSG_SPACE(3) of descriptors: rounded up to 8 bytes. */
function cmsgSpace(descriptors: number): number {
  return (CMSGHDR.sizeof + descriptors * 4 + 7) & ~7;
}

/**
 * `struct sockaddr_un` of a path: never an abstract name, which anybody in the network namespace
 * may use (CVE-2020-15257).
 *
 * @throws CoracleError SOCKET_PATH for an empty path, one with a NUL byte or of more than 107 bytes.
 */
function unixAddress(path: string): Buffer {
  const bytes = Buffer.from(path);
  const most = SOCKADDR.sizeof - SOCKADDR.sun_path - 1;
  if (bytes.length === 0 || bytes.includes(0)) {
    throw new CoracleError('SOCKET_PATH', `${JSON.stringify(path)} is not a path for a socket`);
  }
  if (bytes.length > most) {
    throw new CoracleError(
      'SOCKET_PATH',
      `a socket's path has at most ${most} bytes, this one ${bytes.length}: ${path}; shorten it, or go through /proc/self/fd/N of its directory`,
    );
  }
  const address = Buffer.alloc(SOCKADDR.sizeof);
  address.writeUInt16LE(AF_UNIX, SOCKADDR.sun_family);
  bytes.copy(address, SOCKADDR.sun_path);
  return address;
}
