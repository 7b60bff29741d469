/**
 * Waits without giving the thread away, for the few places that poll the kernel.
 *
 * Whoever must not stand still (a daemon) calls the operation from a worker or a process of its own.
 */
export function sleepSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
