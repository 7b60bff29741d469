/** NUMA memory policy (config-linux.md, "Memory policy", since 1.3; set_mempolicy(2)). */

export const MEMORY_POLICY_MODES = [
  'MPOL_DEFAULT',
  'MPOL_BIND',
  'MPOL_INTERLEAVE',
  'MPOL_WEIGHTED_INTERLEAVE',
  'MPOL_PREFERRED',
  'MPOL_PREFERRED_MANY',
  'MPOL_LOCAL',
] as const;
export type MemoryPolicyMode = (typeof MEMORY_POLICY_MODES)[number];

export const MEMORY_POLICY_FLAGS = [
  'MPOL_F_NUMA_BALANCING',
  'MPOL_F_RELATIVE_NODES',
  'MPOL_F_STATIC_NODES',
] as const;
export type MemoryPolicyFlag = (typeof MEMORY_POLICY_FLAGS)[number];

/** NUMA policy of the container's process (config-linux.md, "Memory Policy"; set_mempolicy(2)). */
export interface LinuxMemoryPolicy {
  mode: MemoryPolicyMode;
  /** A list such as `0-3,7`. */
  nodes?: string;
  flags?: MemoryPolicyFlag[];
}
