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
import { LAYOUT } from '../layouts.ts';
import { syscall, syscallRetry } from '../libc.ts';

/**
 * `long openat2(int dirfd, const char *pathname, struct open_how *how, size_t size)`.
 *
 * @param flags O_ flags; O_CLOEXEC is added.
 * @param resolve RESOLVE_ flags; with RESOLVE_IN_ROOT (the default) no symlink leaves `dirfd`.
 * @throws SyscallError ENOENT, ELOOP, EXDEV as `resolve` asks; EAGAIN when a rename raced.
 */
export function openat2(
  dirfd: number,
  path: string,
  flags: number,
  resolve: number = RESOLVE_IN_ROOT,
): Descriptor {
  const how = new BigUint64Array([BigInt(flags | O_CLOEXEC), 0n, BigInt(resolve)]);
  const buffer = new Uint8Array(how.buffer);
  return new Descriptor(syscall('openat2', dirfd, path, buffer, LAYOUT.open_how.sizeof));
}

/**
 * An executable, anonymous file that nobody can change any more (memfd_create(2), F_ADD_SEALS).
 *
 * @param name shown in `/proc/PID/exe` as `/memfd:name (deleted)`.
 */
export function sealedMemoryFile(name: string, contents: Uint8Array): Descriptor {
  const file = createMemoryFile(name);
  const seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  try {
    for (let at = 0; at < contents.length;) at += writeSync(file.fd, contents, at);
    syscall('fcntl', file.fd, F_ADD_SEALS, seals);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** An anonymous file that can be written, read again, and inherited (memfd_create(2)). */
export function memoryFile(name: string): Descriptor {
  return new Descriptor(syscall('memfd_create', name, MFD_CLOEXEC));
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

/**
 * `int flock(int fd, int operation)`: waits for, or with LOCK_NB refuses to wait for, the lock.
 *
 * @param operation LOCK_SH, LOCK_EX or LOCK_UN.
 * @throws SyscallError EAGAIN with LOCK_NB when somebody else has the lock.
 */
export function flock(fd: number, operation: number): void {
  syscallRetry('flock', fd, operation);
}
