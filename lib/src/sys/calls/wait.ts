/** Waiting with a limit, for processes that may hang. */
import { POLLIN } from '../constants/socket.ts';
import { SIGKILL } from '../constants/process.ts';
import { LAYOUT } from '../layouts.ts';
import { syscallRetry } from '../libc.ts';
import { pidfdOpen, pidfdSendSignal, waitForExit, type ExitStatus } from './processes.ts';

const { pollfd: POLLFD, timespec: TIMESPEC } = LAYOUT;

/**
 * Waits until a descriptor is readable (`ppoll(2)`); for a pidfd, until its process has ended.
 *
 * @param milliseconds the longest to wait; `undefined` for ever.
 * @returns whether it is readable.
 */
export function waitReadable(fd: number, milliseconds: number | undefined): boolean {
  const poll = Buffer.alloc(POLLFD.sizeof);
  poll.writeInt32LE(fd, POLLFD.fd);
  poll.writeInt16LE(POLLIN, POLLFD.events);
  if (milliseconds === undefined) return syscallRetry('ppoll', poll, 1, null, null, 0) > 0;
  const time = Buffer.alloc(TIMESPEC.sizeof);
  time.writeBigInt64LE(BigInt(Math.floor(milliseconds / 1000)), TIMESPEC.tv_sec);
  time.writeBigInt64LE(BigInt(Math.floor((milliseconds % 1000) * 1e6)), TIMESPEC.tv_nsec);
  // After a signal the kernel has left in `time` what remains of it.
  return syscallRetry('ppoll', poll, 1, time, null, 0) > 0;
}

/**
 * Waits for a child of this process; kills it when the time is up.
 *
 * @returns its status, and whether it was killed for taking too long.
 */
export function waitOrKill(
  pid: number,
  milliseconds: number | undefined,
): { status: ExitStatus; timedOut: boolean } {
  using handle = pidfdOpen(pid);
  const timedOut = !waitReadable(handle.fd, milliseconds);
  if (timedOut) pidfdSendSignal(handle.fd, SIGKILL);
  return { status: waitForExit(pid), timedOut };
}
