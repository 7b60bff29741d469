import { CoracleError } from '../base/index.ts';
import { errnoName, type ErrnoName } from './errno.ts';

/**
 * A system call that the kernel refused.
 *
 * `code` is the errno's name (`'ENOENT'`), as in Node's own file system errors, or `'EOF'` where a result
 * of 0 was a failure; `call` is the call with its arguments as strace(1) prints them.
 */
export class SyscallError extends CoracleError {
  readonly errno: number;
  readonly call: string;

  constructor(call: string, errno: number, options?: ErrorOptions) {
    super(errno === 0 ? 'EOF' : errnoName(errno), `${call}: ${describeErrno(errno)}`, options);
    this.errno = errno;
    this.call = call;
  }
}

/**
 * Whether something thrown carries one of these errno names as its `code`.
 *
 * The names are Node's: EOPNOTSUPP is `'ENOTSUP'`, and EWOULDBLOCK is `'EAGAIN'`.
 */
export function hasCode(thrown: unknown, ...codes: string[]): boolean {
  return (
    thrown instanceof Error &&
    'code' in thrown &&
    typeof thrown.code === 'string' &&
    codes.includes(thrown.code)
  );
}

/** `2` → `'no such file or directory (ENOENT)'`, in the words of strerror(3). */
export function describeErrno(errno: number): string {
  if (errno === 0) return 'it returned 0, so the other side has gone (EOF)';
  const name = errnoName(errno);
  const text = TEXTS[name];
  return text === undefined ? name : `${text} (${name})`;
}

/** The texts that users of runc know; the rest are shown by name. */
const TEXTS: Partial<Record<string, string>> = {
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  ESRCH: 'no such process',
  EINTR: 'interrupted system call',
  EIO: 'input/output error',
  ENXIO: 'no such device or address',
  E2BIG: 'argument list too long',
  ENOEXEC: 'exec format error',
  EBADF: 'bad file descriptor',
  ECHILD: 'no child processes',
  EAGAIN: 'resource temporarily unavailable',
  ENOMEM: 'cannot allocate memory',
  EACCES: 'permission denied',
  EFAULT: 'bad address',
  EBUSY: 'device or resource busy',
  EEXIST: 'file exists',
  EXDEV: 'invalid cross-device link',
  ENODEV: 'no such device',
  ENOTDIR: 'not a directory',
  EISDIR: 'is a directory',
  EINVAL: 'invalid argument',
  ENFILE: 'too many open files in system',
  EMFILE: 'too many open files',
  ENOTTY: 'inappropriate ioctl for device',
  ETXTBSY: 'text file busy',
  EFBIG: 'file too large',
  ENOSPC: 'no space left on device',
  EROFS: 'read-only file system',
  EPIPE: 'broken pipe',
  ERANGE: 'numerical result out of range',
  ENAMETOOLONG: 'file name too long',
  ENOSYS: 'function not implemented',
  ENOTEMPTY: 'directory not empty',
  ELOOP: 'too many levels of symbolic links',
  EOVERFLOW: 'value too large for defined data type',
  ENOTSUP: 'operation not supported',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
} satisfies Partial<Record<ErrnoName, string>>;
