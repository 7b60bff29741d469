/** What can be seen of a container from outside, at one moment. */

/** A process in `/proc/PID/stat`. */
export interface ProcessInfo {
  /** One letter, `Z` for a zombie (proc(5)). */
  readonly state: string;
  /** In clock ticks since boot: tells a process from a later one with the same PID. */
  readonly startTime: string;
}

/** What the status of a container depends on, apart from its record. */
export interface Observed {
  /** Which process has the PID of the container's first process now, if any has. */
  readonly process: ProcessInfo | undefined;
  /** Whether its cgroup is frozen. A container without processes may have no cgroup to look at. */
  readonly isFrozen: () => boolean;
  /** Whether the socket on which it waits for `start` is there. */
  readonly awaitsStart: () => boolean;
}
