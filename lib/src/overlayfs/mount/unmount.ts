import {
  describeErrno,
  hasCode,
  MNT_DETACH,
  SyscallError,
  umount2,
  UMOUNT_NOFOLLOW,
} from '../../sys/index.ts';
import { OverlayError } from '../errors.ts';

/**
 * Unmounts what is mounted on a directory (umount2(2)); a symlink is not followed.
 *
 * @param options.lazy detach now, and let go when the last user has (MNT_DETACH).
 * @returns whether anything was mounted there.
 * @throws OverlayError OVERLAY_UNMOUNT, with what keeps it busy.
 */
export function unmount(target: string, options: { lazy?: boolean } = {}): boolean {
  try {
    umount2(target, UMOUNT_NOFOLLOW | (options.lazy === true ? MNT_DETACH : 0));
    return true;
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    if (hasCode(error, 'EINVAL', 'ENOENT')) return false;
    const advice = hasCode(error, 'EBUSY')
      ? `. Something has a file or its working directory there: see "fuser -vm ${target}", end it, ` +
        'or unmount with lazy'
      : '';
    throw new OverlayError(
      'OVERLAY_UNMOUNT',
      `cannot unmount ${target}: ${describeErrno(error.errno)}${advice}`,
      { path: target, errno: error.errno, cause: error },
    );
  }
}

/** Unmounts everything that is stacked on a directory. */
export function unmountAll(target: string, options: { lazy?: boolean } = {}): void {
  while (unmount(target, options));
}
