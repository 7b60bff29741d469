import {
  openCgroup,
  openManager,
  readHost,
  type Cgroup,
  type CgroupDriver,
  type CgroupStats,
} from '../cgroups/index.ts';
import type { LinuxResources, RuntimeConfig, State } from '../oci/index.ts';
import { createContainer, type CreateOptions, type Warn } from './create.ts';
import { deleteContainer, killContainer } from './delete.ts';
import { RuntimeError } from './errors.ts';
import { execInContainer, type ExecOptions } from './exec.ts';
import { startContainer } from './start.ts';
import { ociState } from './state/oci-state.ts';
import { statusOf } from './state/status.ts';
import { Store, type ContainerRecord } from './state/store.ts';

/** The state of the specification, and what `list` shows besides. */
export type ContainerState = State & {
  readonly rootfs: string;
  /** RFC 3339, in UTC. */
  readonly created: string;
  readonly owner: string;
};

/**
 * An OCI runtime: containers under one root directory (runtime.md, "Operations").
 *
 * All operations are synchronous: each is a short list of system calls, and a runtime is a command
 * that does one thing. Containers are children of this process; whoever outlives it collects them.
 */
export class Runtime {
  readonly #store: Store;
  readonly #warn: Warn;
  readonly #cgroupDriver: CgroupDriver;

  constructor(options: {
    root: string;
    onWarning?: Warn;
    /** For containers that are made here; those that are there keep theirs. */
    cgroupDriver?: CgroupDriver;
  }) {
    const { root, onWarning = () => {}, cgroupDriver = 'cgroupfs' } = options;
    this.#store = new Store(root);
    this.#warn = onWarning;
    this.#cgroupDriver = cgroupDriver;
  }

  /** Makes a container from a bundle; its process waits for {@link start}. */
  create(options: CreateOptions): { pid: number } {
    const cgroupDriver = this.#cgroupDriver;
    const { init } = createContainer(this.#store, { cgroupDriver, ...options }, this.#warn);
    return { pid: init?.pid ?? 0 };
  }

  /** Runs the program of a created container. */
  start(id: string): void {
    startContainer(this.#store, id, this.#warn);
  }

  /** What the container is doing now. Errors: CONTAINER_NOT_FOUND. */
  state(id: string): ContainerState {
    return this.#describe(this.#store.read(id));
  }

  /** All containers; one that vanishes or is half-made meanwhile is left out. */
  list(): ContainerState[] {
    return this.#store.ids().flatMap((id) => {
      try {
        return [this.state(id)];
      } catch (error) {
        if (error instanceof RuntimeError) return [];
        throw error;
      }
    });
  }

  /** Sends a signal to the first process, or to all. */
  kill(id: string, signal: number, options: { all?: boolean } = {}): void {
    killContainer(this.#store, id, signal, options);
  }

  /** Removes a container that has stopped; `force` kills it first and ignores a missing one. */
  delete(id: string, options: { force?: boolean } = {}): void {
    deleteContainer(this.#store, id, options, this.#warn);
  }

  /**
   * Runs a further process in a container, as a child of this process, which must collect it: a
   * process that is not collected keeps the container's PID namespace, and so `delete`, waiting.
   */
  exec(options: ExecOptions): { pid: number } {
    return { pid: execInContainer(this.#store, options) };
  }

  /** Stops all processes where they are (cgroup freezer). */
  pause(id: string): void {
    using _lock = this.#store.lock(id);
    const status = this.state(id).status;
    if (status !== 'running' && status !== 'created') {
      throw new RuntimeError('CONTAINER_STATUS', 'container not running');
    }
    this.cgroup(id).freeze();
  }

  /** Lets a paused container go on. */
  resume(id: string): void {
    using _lock = this.#store.lock(id);
    if (this.state(id).status !== 'paused') {
      throw new RuntimeError('CONTAINER_STATUS', 'container not paused');
    }
    this.cgroup(id).thaw();
  }

  /** The PIDs of all processes of a container. */
  processes(id: string): number[] {
    return this.cgroup(id).processes();
  }

  /** Changes the limits that are given; the others stay as they are. */
  update(id: string, resources: LinuxResources): void {
    using _lock = this.#store.lock(id);
    const record = this.#store.read(id);
    if (this.#describe(record).status === 'stopped') {
      throw new RuntimeError('CONTAINER_STATUS', 'container not running');
    }
    const config = withResources(record.config, resources);
    openManager(readHost(), record).update(changedSections(config, resources));
    this.#store.write({ ...record, config });
  }

  /** Usage and limits of the container's cgroup. */
  stats(id: string): CgroupStats {
    if (this.state(id).status === 'stopped') {
      throw new RuntimeError('CONTAINER_STATUS', 'container not running');
    }
    return this.cgroup(id).stats();
  }

  /** The config that the container was made from, with later updates. */
  config(id: string): RuntimeConfig {
    return this.#store.read(id).config;
  }

  /** The container's cgroup, to be watched or looked at. */
  cgroup(id: string): Cgroup {
    return openCgroup(readHost(), this.#store.read(id).cgroupPaths);
  }

  #describe(record: ContainerRecord): ContainerState {
    const status = statusOf(this.#store, record, readHost());
    const { rootfs, created, owner } = record;
    return { ...ociState(record, status), rootfs, created, owner };
  }
}

/** Whole sections, since some limits are written together: a quota with its period. */
function changedSections(config: RuntimeConfig, update: LinuxResources): LinuxResources {
  const { memory, cpu } = config.linux?.resources ?? {};
  return {
    ...update,
    ...(update.memory !== undefined && memory !== undefined && { memory }),
    ...(update.cpu !== undefined && cpu !== undefined && { cpu }),
  };
}

/** Section by section: an update of memory says nothing of CPUs. */
function withResources(config: RuntimeConfig, update: LinuxResources): RuntimeConfig {
  const resources = { ...config.linux?.resources };
  const memory = { ...resources.memory, ...update.memory };
  const cpu = { ...resources.cpu, ...update.cpu };
  return {
    ...config,
    linux: { ...config.linux, resources: { ...resources, ...update, memory, cpu } },
  };
}
