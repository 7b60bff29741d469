/** Waiting for a child of this process without standing still: signals must still be forwarded. */
import { reapAny, type ExitStatus } from 'coracle/sys';

/**
 * Collects children as they end, until it is this one.
 *
 * The others are orphans that came to this process as their subreaper, or as PID 1.
 */
export function childExit(pid: number): Promise<ExitStatus> {
  return new Promise((resolve) => {
    // A listener for signals does not keep Node's event loop alive.
    const keepAlive = setInterval(() => undefined, 2 ** 30);
    const collect = (): void => {
      for (let ended = reapAny(); ended !== undefined; ended = reapAny()) {
        if (ended.pid !== pid) continue;
        process.off('SIGCHLD', collect);
        clearInterval(keepAlive);
        resolve(ended.status);
        return;
      }
    };
    process.on('SIGCHLD', collect);
    // It may have ended before anybody listened.
    collect();
  });
}
