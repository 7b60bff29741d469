/** What the disk refused, with the file that it was about: Node leaves it out where a descriptor is used. */
import { CoracleError } from '../../base/index.ts';
import { describeErrno, ERRNO, SyscallError, type ErrnoName } from '../../sys/index.ts';

/** A file of a store cannot be read or written; `code` is the errno's name, such as `'ENOSPC'`. */
export class ContentFileError extends CoracleError {
  readonly path: string;

  constructor(code: string, path: string, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.path = path;
  }
}

/** Runs a step on a file; what the kernel refuses becomes a ContentFileError. */
export function atPath<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    throw fileError(path, errno, error);
  }
}

/** A ContentFileError of an errno by its name. */
export function namedFileError(path: string, name: ErrnoName, cause: unknown): ContentFileError {
  return fileError(path, ERRNO[name], cause);
}

function fileError(path: string, errno: number, cause: unknown): ContentFileError {
  const { code } = new SyscallError('', errno);
  const next = ADVICE[code] ?? 'Look into the kernel’s log (dmesg) and at the rights of that path.';
  return new ContentFileError(code, path, `${path}: ${describeErrno(errno)}. ${next}`, { cause });
}

const ROOM = 'Make room there, and try again: an ingest goes on where it stopped.';

const ADVICE: Readonly<Record<string, string>> = { ENOSPC: ROOM, EDQUOT: ROOM };

/** Node's errors carry a negative number, SyscallError a positive one. */
function errnoOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errno' in error)) return undefined;
  return typeof error.errno === 'number' ? Math.abs(error.errno) : undefined;
}
