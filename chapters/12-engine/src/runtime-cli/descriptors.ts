/** Descriptors that the caller passes on to the container: sd_listen_fds(3), `--preserve-fds`. */
import { fstatSync } from 'node:fs';
import { CoracleError } from 'coracle/base';

export interface Inherited {
  /** How many, from descriptor 3 on. */
  readonly count: number;
  /** What the container's process is told about them. */
  readonly environment: readonly string[];
}

/**
 * Those of `LISTEN_FDS`, where it is meant for this process, and `preserved` more.
 *
 * @throws CoracleError if one of the latter is not open.
 */
export function inheritedDescriptors(preserved: number, withListeners = true): Inherited {
  const listeners = withListeners ? listenerCount(process.env, process.pid) : 0;
  checkOpen(3 + listeners, preserved, process.env['CORACLE_OPEN_FDS']);
  return {
    count: listeners + preserved,
    environment: listeners === 0 ? [] : [`LISTEN_FDS=${listeners}`, 'LISTEN_PID=1'],
  };
}

/** sd_listen_fds(3): the variables may have been inherited from somebody who got them. Pure. */
export function listenerCount(environment: NodeJS.ProcessEnv, pid: number): number {
  if (Number(environment['LISTEN_PID']) !== pid) return 0;
  const count = Number(environment['LISTEN_FDS']);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

/**
 * Node has descriptors of its own, which must not be taken for the caller's: the launcher, which
 * runs before Node, lists those that were open then (bin/coracle-runtime).
 */
function checkOpen(first: number, count: number, openBefore: string | undefined): void {
  if (count < 0) throw new CoracleError('PRESERVE_FDS', '--preserve-fds must be 0 or more');
  const known = openBefore === undefined ? undefined : new Set(openBefore.split(' '));
  for (let fd = first; fd < first + count; fd += 1) {
    if (known?.has(String(fd)) ?? isOpen(fd)) continue;
    throw new CoracleError(
      'PRESERVE_FDS',
      `unable to stat preserved-fd ${fd - first} (of ${count}): descriptor ${fd} is not open; open it, or lower --preserve-fds`,
    );
  }
}

function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}
