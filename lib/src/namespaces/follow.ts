import { ProgramError, waitForExit, type Notice, type ProgramProcess } from '../sys/index.ts';
import { NOTICE_FORKED, NOTICE_MAPPINGS } from './notices.ts';

/**
 * Receives the notices of a program that forks.
 *
 * Two processes send then, and the new one may overtake the one that tells its PID: until that is
 * known, what the new one says is held back, so that whoever answers it, or ends it, knows whom.
 */
export class ForkFollower {
  readonly #child: ProgramProcess;
  readonly #early: Notice[] = [];
  #pending: boolean;

  /** @param forks whether the program will send {@link NOTICE_FORKED}. */
  constructor(child: ProgramProcess, forks: boolean) {
    this.#child = child;
    this.#pending = forks;
  }

  /**
   * The next notice; `undefined` at the end of the stream. After {@link NOTICE_FORKED} the child's
   * `pid` is the new process, and the old one is collected.
   *
   * @throws ProgramError if an operation has failed.
   */
  receive(): Notice | undefined {
    if (!this.#pending) return this.#early.shift() ?? this.#child.receive();
    for (;;) {
      const notice = this.#receivePending();
      if (notice === undefined || notice.tag === NOTICE_MAPPINGS) return notice;
      if (notice.tag === NOTICE_FORKED) {
        this.#become(notice.value);
        return notice;
      }
      this.#early.push(notice);
    }
  }

  /** A failure may be the new process's: then its PID is still to come, before the stream ends. */
  #receivePending(): Notice | undefined {
    try {
      return this.#child.receive();
    } catch (error) {
      if (error instanceof ProgramError) this.#findFork();
      throw error;
    }
  }

  #findFork(): void {
    for (let notice = this.#child.receive(); notice !== undefined; notice = this.#child.receive()) {
      if (notice.tag === NOTICE_FORKED) this.#become(notice.value);
    }
  }

  #become(pid: number): void {
    waitForExit(this.#child.pid);
    this.#child.pid = pid;
    this.#pending = false;
  }
}
