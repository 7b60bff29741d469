/** Files by descriptor: resolution that stays inside a root, sealed memory files, locks. */
import {
  F_ADD_SEALS,
  F_SEAL_GROW,
  F_SEAL_SEAL,
  F_SEAL_SHRINK,
  F_SEAL_WRITE,
  MFD_ALLOW_SEALING,
  MFD_CLOEXEC,
  MFD_EXEC,
  O_CLOEXEC,
  RESOLVE_IN_ROOT,
} from '../constants/open.ts';
import { writeSync } from 'node:fs';
import { Descriptor } from '../descriptor.ts';
import { hasCode } from '../errors.ts';
import { syscall } from '../libc.ts';

/**
 * `long openat2(int dirfd, const char *pathname, struct open_how *how, size_t size)`.
 *
 * @param flags O_ flags; O_CLOEXEC is added.
 * @param resolve RESOLVE_ flags; with RESOLVE_IN_ROOT (the default) no symlink leaves `dirfd`.
 */
export function openat2(
  dirfd: number,
  path: string,
  flags: number,
  resolve: number = RESOLVE_IN_ROOT,
): Descriptor {
  const how = new BigUint64Array([BigInt(flags | O_CLOEXEC), 0n, BigInt(resolve)]);
  return new Descriptor(syscall('openat2', dirfd, path, new Uint8Array(how.buffer), 24));
}

/**
 * An executable, anonymous file that nobody can change any more (memfd_create(2), F_ADD_SEALS).
 *
 * @param name shown in `/proc/PID/exe` as `/memfd:name (deleted)`.
 */
export function sealedMemoryFile(name: string, contents: Uint8Array): Descriptor {
  const file = createMemoryFile(name);
  writeSync(file.fd, contents);
  syscall('fcntl', file.fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
  return file;
}

/** MFD_EXEC is needed where `vm.memfd_noexec` is set, and unknown before Linux 6.3. */
function createMemoryFile(name: string): Descriptor {
  try {
    return new Descriptor(
      syscall('memfd_create', name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC),
    );
  } catch (error) {
    if (!hasCode(error, 'EINVAL')) throw error;
    return new Descriptor(syscall('memfd_create', name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  }
}

/** `int flock(int fd, int operation)`: waits for, or with LOCK_NB refuses to wait for, the lock. */
export function flock(fd: number, operation: number): void {
  for (;;) {
    try {
      syscall('flock', fd, operation);
      return;
    } catch (error) {
      if (!hasCode(error, 'EINTR')) throw error;
    }
  }
}
