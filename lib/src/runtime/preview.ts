/** A container's program without a container: for explanations and tests, on any system. */
import { planNamespaces } from '../namespaces/index.ts';
import type { RuntimeConfig } from '../oci/index.ts';
import type { Context } from './context.ts';

/**
 * A context in which nothing is open and nothing of the host has been looked at: the control socket
 * is descriptor 3, the start socket 4, every joined namespace and console a number after them. Pure.
 *
 * @param rootfs absolute path of the root filesystem; it need not exist.
 */
export function previewContext(config: RuntimeConfig, rootfs: string): Context {
  const namespaces = planNamespaces(config.linux?.namespaces ?? []);
  return {
    id: 'preview',
    config,
    process: config.process,
    rootfs,
    namespaces,
    joinFds: namespaces.join.map((_, index) => 6 + index),
    controlFd: 3,
    startFd: 4,
    consoleFd: config.process?.terminal === true ? 5 : undefined,
    stdio: [0, 1, 2],
    stdioKinds: ['own', 'own', 'own'],
    preserveFds: 0,
    cgroups: { files: [], into: undefined },
    cgroupPaths: {},
    seccomp: undefined,
    sources: new Map(),
    tmpfsModes: new Map(),
    waitsForHooks: false,
    noPivot: false,
    noNewKeyring: false,
    userFirst: false,
    rootless: false,
    bindDevices: false,
  };
}
