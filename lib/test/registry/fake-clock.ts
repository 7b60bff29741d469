import type { Clock } from '../../src/registry/http/clock.ts';

/** What tests give as the stall timeout: timers of this length are watchdogs, others are waits. */
export const STALL_TIMEOUT = 30_000;

/** A clock on which every wait is over at once, and nothing stalls until `stall` is called. */
export class FakeClock implements Clock {
  time = Date.parse('2026-01-01T00:00:00Z');
  /** The waits, in milliseconds, in their order. */
  readonly waits: number[] = [];
  readonly #watchdogs = new Set<() => void>();

  now(): number {
    return this.time;
  }

  random(): number {
    return 1;
  }

  after(ms: number, run: () => void): () => void {
    if (ms === STALL_TIMEOUT) {
      this.#watchdogs.add(run);
      return () => this.#watchdogs.delete(run);
    }
    this.waits.push(ms);
    const immediate = setImmediate(() => {
      this.time += ms;
      run();
    });
    return () => clearImmediate(immediate);
  }

  /** Everybody who waits for a byte now has waited for too long. */
  stall(): void {
    for (const bark of this.#watchdogs) bark();
    this.#watchdogs.clear();
  }
}
