/**
 * Version 1's word of an OOM, for any number of cgroups through one eventfd.
 *
 * An eventfd can only be waited for by a read in one of Node's few helper threads. So all watched
 * cgroups of this process share one: a wake-up says that something happened, and each cgroup's own
 * file says whether it was there. Life cycle: opened with the first watched cgroup, closed when
 * the last has ended or is no longer watched. eventfd(2); kernel: cgroup-v1/memory.rst, 9 and 10.
 */
import { closeSync, existsSync, openSync, read, writeSync } from 'node:fs';
import { parseFlatKeyed } from '#parts/cgroups/keyed.ts';
import { O_CLOEXEC, syscall } from '../sys/index.ts';
import { readOptional, writeValue } from './files.ts';

interface Watched {
  readonly directory: string;
  readonly onOom: () => void;
  readonly onEnd: () => void;
  /** OOMs that `onOom` has heard of. */
  told: bigint;
}

class OomNotifier {
  readonly #eventFd = syscall('eventfd2', 0, O_CLOEXEC);
  readonly #watched = new Set<Watched>();

  constructor() {
    this.#wait();
  }

  add(watched: Watched): void {
    const oomFd = openSync(`${watched.directory}/memory.oom_control`, 'r');
    try {
      writeValue(`${watched.directory}/cgroup.event_control`, `${this.#eventFd} ${oomFd}`);
    } finally {
      // The kernel has taken what it needs from it.
      closeSync(oomFd);
    }
    this.#watched.add(watched);
  }

  remove(watched: Watched): void {
    if (this.#watched.delete(watched) && this.#watched.size === 0) this.wake();
  }

  /** Ends the read that waits in another thread; eight bytes are what an eventfd takes. */
  wake(): void {
    writeSync(this.#eventFd, new Uint8Array(new BigUint64Array([1n]).buffer));
  }

  #wait(): void {
    read(this.#eventFd, new Uint8Array(8), 0, 8, null, () => {
      for (const watched of this.#watched) this.#look(watched);
      if (this.#watched.size > 0) {
        this.#wait();
        return;
      }
      closeSync(this.#eventFd);
      if (notifier === this) notifier = undefined;
    });
  }

  /** The kernel also wakes us when a watched cgroup is removed. */
  #look(watched: Watched): void {
    if (!existsSync(watched.directory)) {
      this.#watched.delete(watched);
      watched.onEnd();
      return;
    }
    const ooms = countOoms(watched.directory);
    if (ooms > watched.told) watched.onOom();
    watched.told = ooms;
  }
}

let notifier: OomNotifier | undefined;

/** Calls back on each OOM of the version 1 memory cgroup, and once when it is removed. */
export function watchOomControl(
  directory: string,
  onOom: () => void,
  onEnd: () => void,
): { close(): void } {
  const watched: Watched = { directory, onOom, onEnd, told: countOoms(directory) };
  notifier ??= new OomNotifier();
  const mine = notifier;
  try {
    mine.add(watched);
  } catch (error) {
    mine.wake();
    throw error;
  }
  return { close: () => mine.remove(watched) };
}

/** Kills so far and the one that is about to happen: word comes before the deed. */
function countOoms(directory: string): bigint {
  const state = parseFlatKeyed(readOptional(`${directory}/memory.oom_control`));
  return (state.oom_kill ?? 0n) + (state.under_oom ?? 0n);
}
