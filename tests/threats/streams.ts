/** Puts descriptors in the place of this process's standard streams while something is done. */
import { F_DUPFD_CLOEXEC, syscall } from 'coracle/sys';

/** Calls `use` while `stdio` are 0, 1 and 2; then everything is as it was. */
export function withStandardStreams<T>(stdio: readonly number[], use: () => T): T {
  const saved = [0, 1, 2].map((fd) => checked(syscall('fcntl', fd, F_DUPFD_CLOEXEC, 100)));
  try {
    for (const [stream, fd] of stdio.entries()) checked(syscall('dup3', fd, stream, 0));
    return use();
  } finally {
    for (const [stream, fd] of saved.entries()) {
      syscall('dup3', fd, stream, 0);
      syscall('close', fd);
    }
  }
}

function checked(result: number): number {
  if (result < 0) throw new Error(`standard streams: errno ${-result}`);
  return result;
}
