/** Namespaces and the clocks of a time namespace (config-linux.md, "Namespaces"; namespaces(7)). */

export const NAMESPACE_TYPES = [
  'mount',
  'pid',
  'network',
  'uts',
  'ipc',
  'user',
  'cgroup',
  'time',
] as const;
export type LinuxNamespaceType = (typeof NAMESPACE_TYPES)[number];

/** A namespace to create, or with `path` to join. One that is not listed is the runtime's own. */
export interface LinuxNamespace {
  type: LinuxNamespaceType;
  /** Absolute, on the host, for instance `/proc/1234/ns/net`. */
  path?: string;
}

/** config-linux.md, "Offset for Time Namespace": clock → offset. */
export type LinuxTimeOffsets = Partial<Record<TimeNamespaceClock, LinuxTimeOffset>>;

/** The clocks that time_namespaces(7) can shift. */
export const TIME_NAMESPACE_CLOCKS = ['monotonic', 'boottime'] as const;
export type TimeNamespaceClock = (typeof TIME_NAMESPACE_CLOCKS)[number];

/** What is missing is 0. */
export interface LinuxTimeOffset {
  secs?: number;
  nanosecs?: number;
}
