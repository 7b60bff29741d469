/**
 * Signals for this process are meant for the container: they are passed on.
 *
 * All that can be caught, but SIGCHLD (our own children), SIGURG (never meant for a container) and
 * SIGWINCH (the terminal's size is copied instead). Those that an error in a program raises are left
 * alone: a handler would hide our own. Node cannot listen for real-time signals.
 */
import { constants } from 'node:os';
import { hasCode, kill, unblockSignal } from 'coracle/sys';

/** Listened for before the container is there: as soon as it runs, somebody may send one. */
const FROM_THE_BEGINNING = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGCONT',
  'SIGPIPE',
  'SIGTRAP',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGVTALRM',
  'SIGPROF',
  'SIGIO',
  'SIGPWR',
  'SIGSYS',
  'SIGSTKFLT',
] as const;

/**
 * Listened for once the terminal is joined: until then, who touches it from the background has to be
 * stopped by these, and with a listener would only try again, for ever.
 */
const STOPS = ['SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const;

type Forwarded = (typeof FROM_THE_BEGINNING)[number] | (typeof STOPS)[number];

/**
 * Life cycle: made before the container, so that no signal is lost; `to` as soon as there is a
 * process to send them to; disposed of at its end.
 */
export class SignalForwarder implements Disposable {
  readonly #names: Forwarded[] = [];
  readonly #early: number[] = [];
  #pid: number | undefined;

  constructor() {
    this.#listen(FROM_THE_BEGINNING);
    // The launcher's --disable-sigusr1, which keeps Node's debugger away, leaves it blocked.
    unblockSignal(constants.signals.SIGUSR1);
  }

  /** From now on signals go to this process, also those that came before. */
  to(pid: number): void {
    this.#pid = pid;
    for (const signal of this.#early.splice(0)) this.#forward(signal);
    this.#listen(STOPS);
  }

  [Symbol.dispose](): void {
    for (const name of this.#names) process.off(name, this.#onSignal);
  }

  #listen(names: readonly Forwarded[]): void {
    for (const name of names) process.on(name, this.#onSignal);
    this.#names.push(...names);
  }

  readonly #onSignal = (name: NodeJS.Signals): void => this.#forward(constants.signals[name]);

  #forward(signal: number): void {
    if (this.#pid === undefined) {
      this.#early.push(signal);
      return;
    }
    try {
      kill(this.#pid, signal);
    } catch (error) {
      if (!hasCode(error, 'ESRCH')) throw error;
    }
  }
}
