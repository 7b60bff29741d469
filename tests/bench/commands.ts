/**
 * The benchmark's side of the starter: `start()`, any number of `time()`, and `using` ends it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Timed } from './starter.ts';

const STARTER = fileURLToPath(import.meta.resolve('./starter.ts'));

/** For {@link Commands}: a mount namespace in which the v2 tree of a hybrid host is not mounted. */
export const WITHOUT_UNIFIED: readonly string[] = [
  'unshare',
  '--mount',
  '--propagation',
  'private',
  'sh',
  '-c',
  'umount /sys/fs/cgroup/unified; exec "$@"',
  'sh',
];

export class Commands implements Disposable {
  readonly #starter: ChildProcess;

  private constructor(starter: ChildProcess) {
    this.#starter = starter;
  }

  /** @param wrapper words before the starter's own command line, such as {@link WITHOUT_UNIFIED}. */
  static start(wrapper: readonly string[] = []): Commands {
    const [program, ...args] = [...wrapper, process.execPath, STARTER];
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    return new Commands(spawn(program, args, { stdio: [...stdio], detached: true }));
  }

  /**
   * Runs a command to its end; milliseconds from before the fork until it is collected.
   *
   * @throws Error with the command line when it does not exit with 0.
   */
  async time(argv: readonly string[]): Promise<number> {
    const waiting = new AbortController();
    const { signal } = waiting;
    this.#starter.send([...argv]);
    try {
      const answer = await Promise.race([
        once(this.#starter, 'message', { signal }),
        once(this.#starter, 'exit', { signal }).then(() => {
          throw new Error('the starter of commands has ended; it needs unshare(1) and root');
        }),
      ]);
      const [{ milliseconds, failure }] = answer as [Timed];
      if (failure !== undefined) throw new Error(failure);
      return milliseconds;
    } finally {
      waiting.abort();
    }
  }

  [Symbol.dispose](): void {
    if (this.#starter.connected) this.#starter.disconnect();
  }
}
