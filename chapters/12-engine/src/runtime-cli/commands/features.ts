import {
  CAPABILITY_NAMES,
  HOOK_NAMES,
  MEMORY_POLICY_FLAGS,
  MEMORY_POLICY_MODES,
  NAMESPACE_TYPES,
  OCI_VERSION,
  OCI_VERSION_MIN,
  SECCOMP_ACTIONS,
  SECCOMP_ARCHITECTURES,
  SECCOMP_FLAGS,
  SECCOMP_OPERATORS,
  type Features,
} from 'coracle/oci';
import { PROPERTY_ANNOTATION } from 'coracle/cgroups';
import { MOUNT_OPTION_NAMES } from 'coracle/runtime';
import type { Command } from '../command.ts';
import { print } from '../output.ts';
import { COMMIT, libseccompVersion, VERSION } from '../version.ts';

export const command: Command = {
  name: 'features',
  argsUsage: '',
  description: `Show what the runtime can do, as the JSON object of features.md in the OCI
runtime specification.`,
  flags: [],
  args: { min: 0, max: 0 },
  run() {
    print(`${JSON.stringify(features(), undefined, 4)}\n`);
  },
};

/** features.md and features-linux.md. */
export function features(): Features {
  return {
    ociVersionMin: OCI_VERSION_MIN,
    ociVersionMax: OCI_VERSION,
    hooks: [...HOOK_NAMES],
    mountOptions: [...MOUNT_OPTION_NAMES],
    linux: {
      namespaces: NAMESPACE_TYPES.toSorted(),
      capabilities: [...CAPABILITY_NAMES],
      cgroup: { v1: true, v2: true, systemd: true, systemdUser: true, rdma: true },
      seccomp: {
        enabled: true,
        actions: SECCOMP_ACTIONS.toSorted(),
        operators: SECCOMP_OPERATORS.toSorted(),
        archs: SECCOMP_ARCHITECTURES.toSorted(),
        knownFlags: SECCOMP_FLAGS.toSorted(),
        supportedFlags: SECCOMP_FLAGS.toSorted(),
      },
      apparmor: { enabled: true },
      selinux: { enabled: true },
      intelRdt: { enabled: false },
      memoryPolicy: { modes: [...MEMORY_POLICY_MODES], flags: [...MEMORY_POLICY_FLAGS] },
      mountExtensions: { idmap: { enabled: true } },
      netDevices: { enabled: true },
    },
    annotations: annotations(),
    // They become properties of the container's unit, with --systemd-cgroup.
    potentiallyUnsafeConfigAnnotations: [PROPERTY_ANNOTATION],
  };
}

function annotations(): Record<string, string> {
  const libseccomp = libseccompVersion();
  return {
    'dev.coracle.runtime.version': VERSION,
    ...(COMMIT !== '' && { 'dev.coracle.runtime.commit': COMMIT }),
    // The two that other runtimes give too.
    'org.opencontainers.runc.checkpoint.enabled': 'false',
    ...(libseccomp !== undefined && { 'io.github.seccomp.libseccomp.version': libseccomp }),
  };
}
