/** Sending descriptors from the child: SCM_RIGHTS over a Unix socket (cmsg(3), unix(7)). */
import {
  F_DUPFD_CLOEXEC,
  place,
  SCM_RIGHTS,
  SOL_SOCKET,
  words,
  type Argument,
  type ConstantArgument,
  type SyscallProgram,
} from '../../sys/index.ts';

/** Sends a notice to the parent, and descriptors that exist only when the program runs. */
export function appendSendDescriptors(
  program: SyscallProgram,
  socketFd: number,
  tag: number,
  descriptors: readonly Argument[],
): void {
  appendSendMessage(program, socketFd, words([tag, 0], `{notice ${tag}}`), descriptors);
}

/** Sends the data of one block with up to 8 descriptors. */
export function appendSendMessage(
  program: SyscallProgram,
  socketFd: Argument,
  data: ConstantArgument & { size: number },
  descriptors: readonly Argument[],
): void {
  // A cmsghdr is {length, level, type}; its descriptors are 4 bytes each. A result is stored as 8
  // bytes, so they are stored in order, each over the upper half of the one before; the last spills
  // into padding.
  const length = 16 + descriptors.length * 4;
  const header = [length, BigInt(SOL_SOCKET) | (BigInt(SCM_RIGHTS) << 32n)];
  const control = words([...header, ...descriptors.map(() => 0), 0], '{SCM_RIGHTS}');
  const copies = descriptors.map((fd, index) =>
    program.call('fcntl', [fd, F_DUPFD_CLOEXEC, 0], { storeAt: place(control, 16 + index * 4) }),
  );
  const vector = words([data, data.size]);
  const message = words([null, 0, vector, 1, control, Math.ceil(length / 8) * 8, 0], '{msghdr}');
  program.call('sendmsg', [socketFd, message, 0]);
  for (const copy of copies) program.call('close', [copy]);
}
