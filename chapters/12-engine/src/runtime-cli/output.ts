/** Writing to the standard streams without Node's stream objects, which would change their flags. */
import { writeSync } from 'node:fs';
import { hasCode } from 'coracle/sys';

/**
 * Writes everything, and waits where the reader is slow.
 *
 * The descriptor is the caller's and may be non-blocking: then a full pipe is EAGAIN.
 */
export function writeAll(fd: number, data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (!hasCode(error, 'EAGAIN', 'EINTR')) throw error;
      Atomics.wait(CLOCK, 0, 0, 2);
    }
  }
}

/** Nobody wakes it: waiting on it is a short sleep. */
const CLOCK = new Int32Array(new SharedArrayBuffer(4));

/** Prints a text on stdout. A reader that has gone is no error: it has read enough. */
export function print(text: string): void {
  try {
    writeAll(1, text);
  } catch (error) {
    if (!hasCode(error, 'EPIPE')) throw error;
  }
}
