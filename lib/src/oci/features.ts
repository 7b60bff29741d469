/**
 * What a runtime knows how to do, whatever the host offers (features.md, features-linux.md).
 * A missing list means "unknown", an empty one "none".
 */
import type { HookName } from './hooks.ts';
import type { MemoryPolicyFlag, MemoryPolicyMode } from './memory-policy.ts';
import type { LinuxNamespaceType } from './namespaces.ts';
import type {
  SeccompAction,
  SeccompArchitecture,
  SeccompFlag,
  SeccompOperator,
} from './seccomp.ts';

/** features.md. */
export interface Features {
  ociVersionMin: string;
  ociVersionMax: string;
  hooks?: HookName[];
  /** Without those that go to the filesystem. */
  mountOptions?: string[];
  linux?: LinuxFeatures;
  annotations?: Record<string, string>;
  /** Annotations of config.json that change what the runtime does; `x.` stands for all under it. */
  potentiallyUnsafeConfigAnnotations?: string[];
}

/** features-linux.md. */
export interface LinuxFeatures {
  namespaces?: LinuxNamespaceType[];
  capabilities?: string[];
  cgroup?: {
    v1?: boolean;
    v2?: boolean;
    systemd?: boolean;
    systemdUser?: boolean;
    rdma?: boolean;
  };
  seccomp?: SeccompFeatures;
  apparmor?: { enabled?: boolean };
  selinux?: { enabled?: boolean };
  intelRdt?: { enabled?: boolean; schemata?: boolean; monitoring?: boolean };
  memoryPolicy?: { modes?: MemoryPolicyMode[]; flags?: MemoryPolicyFlag[] };
  mountExtensions?: { idmap?: { enabled?: boolean } };
  netDevices?: { enabled?: boolean };
}

/** What of seccomp the runtime knows (features-linux.md, "Seccomp"). */
export interface SeccompFeatures {
  enabled?: boolean;
  actions?: SeccompAction[];
  operators?: SeccompOperator[];
  archs?: SeccompArchitecture[];
  knownFlags?: SeccompFlag[];
  supportedFlags?: SeccompFlag[];
}
