/** `--pidfd-socket`: hands a pidfd of the new process to whoever listens there, as runc does. */
import { AF_UNIX, connectPath, pidfdOpen, sendMessage, SOCK_STREAM, socket } from 'coracle/sys';

/** @throws SyscallError if nobody listens at `path`. */
export function sendPidfd(path: string, pid: number): void {
  using connection = socket(AF_UNIX, SOCK_STREAM);
  connectPath(connection.fd, path);
  using handle = pidfdOpen(pid);
  sendMessage(connection.fd, Buffer.from('pidfd'), [handle.fd]);
}
