/** `--pidfd-socket`: hands a pidfd of the new process to whoever listens there, as runc does. */
import { resolve } from 'node:path';
import { AF_UNIX, connectPath, pidfdOpen, sendMessage, SOCK_STREAM, socket } from 'coracle/sys';
import type { Call } from './command.ts';

/** Does nothing without the flag. @throws SyscallError if nobody listens. */
export function sendPidfd({ flags }: Call, pid: number): void {
  const path = flags.string('pidfd-socket');
  if (path === undefined) return;
  using connection = socket(AF_UNIX, SOCK_STREAM);
  connectPath(connection.fd, resolve(path));
  using handle = pidfdOpen(pid);
  sendMessage(connection.fd, Buffer.from('pidfd'), [handle.fd]);
}
