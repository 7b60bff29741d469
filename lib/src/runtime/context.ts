/**
 * What the steps of a container's program need to know, gathered by the parent before the program
 * is built. The steps read it and append operations; they look at nothing else of the host.
 */
import type { CgroupPlaces, NamespacePlan } from '../namespaces/index.ts';
import type { Process, RuntimeConfig } from '../oci/index.ts';
import type { CompiledSeccomp } from './seccomp/compile.ts';

/** Messages from the child beyond those of the namespaces layer. */
export const NOTICE = {
  /** Mounts are made, the root is not yet changed: hooks, network devices. */
  hooks: 10,
  /** A tmpfs is to be filled; comes with the directories to copy from and to. */
  copyUp: 11,
  /** Set up; comes with the container's root directory. The parent answers with the program. */
  ready: 12,
  /** The start request has been taken. */
  started: 13,
  /** The value is the descriptor that the seccomp listener will get. */
  listener: 14,
} as const;

/** A bind mount whose source is on the host, looked at by the parent. */
export interface MountSource {
  /** Whether the target must be a directory. */
  readonly directory: boolean;
  /** For idmapped mounts: a descriptor of the user namespace to map by. */
  readonly usernsFd?: number;
}

/** Everything that a container's program is built from. */
export interface Context {
  readonly id: string;
  readonly config: RuntimeConfig;
  readonly process: Process | undefined;
  /** Absolute path of the root filesystem on the host. */
  readonly rootfs: string;
  readonly namespaces: NamespacePlan;
  /** A descriptor for each namespace joined by path. */
  readonly joinFds: readonly number[];
  /** The child's end of the control socket. */
  readonly controlFd: number;
  /** The listening socket on which the child waits for `start`. */
  readonly startFd: number;
  /** The socket that gets the terminal's master, when there is one. */
  readonly consoleFd: number | undefined;
  /** The container's standard streams, as this process has them. */
  readonly stdio: readonly [number, number, number];
  /** Which of `stdio` are the host's /dev/null, or belong to another user than the container's. */
  readonly stdioKinds: readonly ('null' | 'foreign' | 'own')[];
  /** Descriptors from 3 on that the container inherits. */
  readonly preserveFds: number;
  readonly cgroups: CgroupPlaces;
  /** The container's cgroup in each version 1 hierarchy, for mounts of type cgroup. */
  readonly cgroupPaths: Readonly<Record<string, string>>;
  readonly seccomp: CompiledSeccomp | undefined;
  /** For each entry of `config.mounts` that binds something. */
  readonly sources: ReadonlyMap<number, MountSource>;
  /** Permission bits that a tmpfs without `mode=` takes over from the image, by index in `mounts`. */
  readonly tmpfsModes: ReadonlyMap<number, number>;
  /** Whether the parent has work between mounts and pivot_root. */
  readonly waitsForHooks: boolean;
  readonly noPivot: boolean;
  readonly noNewKeyring: boolean;
  /** The runtime is not root: it has no rights until it is in another user namespace. */
  readonly userFirst: boolean;
  /** The runtime is not root of the machine, although it may be root of a user namespace. */
  readonly rootless: boolean;
  /** The container's devices cannot be made with mknod(2), only bound from the host. */
  readonly bindDevices: boolean;
}
