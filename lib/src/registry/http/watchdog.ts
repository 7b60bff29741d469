import type { Clock } from './clock.ts';

/** Barks once nobody has started it anew for so long. */
export class Watchdog {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #bark: () => void;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, ms: number, bark: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#bark = bark;
  }

  start(): void {
    this.stop();
    this.#cancel = this.#clock.after(this.#ms, this.#bark);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
