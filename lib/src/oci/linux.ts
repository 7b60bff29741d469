/** The `linux` section of config.json (config-linux.md). */
import type { LinuxDevice } from './devices.ts';
import type { LinuxMemoryPolicy } from './memory-policy.ts';
import type { LinuxIdMapping } from './mount.ts';
import type { LinuxNamespace, LinuxTimeOffsets } from './namespaces.ts';
import type { LinuxResources } from './resources.ts';
import type { LinuxSeccomp } from './seccomp.ts';

/** config-linux.md. */
export interface Linux {
  namespaces?: LinuxNamespace[];
  uidMappings?: LinuxIdMapping[];
  gidMappings?: LinuxIdMapping[];
  timeOffsets?: LinuxTimeOffsets;
  devices?: LinuxDevice[];
  netDevices?: LinuxNetDevices;
  /** Absolute: below the cgroup mount. Relative: below a place of the runtime's choice. */
  cgroupsPath?: string;
  resources?: LinuxResources;
  intelRdt?: LinuxIntelRdt;
  memoryPolicy?: LinuxMemoryPolicy;
  /** Kernel parameter → value, for instance `net.core.somaxconn`. */
  sysctl?: Record<string, string>;
  seccomp?: LinuxSeccomp;
  rootfsPropagation?: RootfsPropagation;
  /** Absolute, in the container; hidden from it. */
  maskedPaths?: string[];
  /** Absolute, in the container; read-only for it. */
  readonlyPaths?: string[];
  /** The SELinux context of every mount. */
  mountLabel?: string;
  personality?: LinuxPersonality;
}

/** config-linux.md, "Network Devices" (1.3): name on the host → what becomes of it. */
export type LinuxNetDevices = Record<string, LinuxNetDevice>;

/** How a host's network device appears in the container (config-linux.md, "Network Devices"). */
export interface LinuxNetDevice {
  /** Name in the container, may end in `%d`; the host's name when missing. */
  name?: string;
}

/**
 * config-linux.md, "Rootfs Mount Propagation". The recursive forms are not in the specification,
 * but runc and crun take them and engines write them.
 */
export const ROOTFS_PROPAGATIONS = [
  'private',
  'shared',
  'slave',
  'unbindable',
  'rprivate',
  'rshared',
  'rslave',
  'runbindable',
] as const;
export type RootfsPropagation = (typeof ROOTFS_PROPAGATIONS)[number];

/** config-linux.md, "IntelRdt". */
export interface LinuxIntelRdt {
  /** Class of service; `/` is the default class. */
  closID?: string;
  /** Lines for the `schemata` file. */
  schemata?: string[];
  l3CacheSchema?: string;
  memBwSchema?: string;
  enableMonitoring?: boolean;
}

export const PERSONALITY_DOMAINS = ['LINUX', 'LINUX32'] as const;
export type PersonalityDomain = (typeof PERSONALITY_DOMAINS)[number];

/** config-linux.md, "Personality"; personality(2). */
export interface LinuxPersonality {
  domain: PersonalityDomain;
  /** No flag is supported by any version of the specification. */
  flags?: string[];
}
