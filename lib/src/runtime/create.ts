/**
 * `create`: from a bundle to a process that waits for `start` (runtime.md, "Create").
 *
 *     record → cgroup → filter, sockets, namespaces → program → spawn → supervise → record
 *
 * The record is written before anything exists, and the child lives only as long as this process
 * answers it; so a runtime that is killed at any point leaves what `delete --force` can find.
 */
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { Cleanup } from '../base/index.ts';
import {
  planCgroup,
  readHost,
  type CgroupDriver,
  type CgroupManager,
  type CgroupRequest,
} from '../cgroups/index.ts';
import { separates, type NamespacePlan } from '../namespaces/index.ts';
import type { RuntimeConfig } from '../oci/index.ts';
import { Descriptor, isHostRoot, isRoot, socketpair, spawnProgram } from '../sys/index.ts';
import { loadBundle, type Bundle } from './bundle.ts';
import type { Context } from './context.ts';
import { withGrantableCapabilities } from './capabilities.ts';
import { BY_PARENT, joinsCgroupNamespace, planJoin } from './cgroup-join.ts';
import { cgroupOwner } from './cgroup-owner.ts';
import { checkHost } from './host-checks.ts';
import { runPoststopHooks } from './hooks.ts';
import {
  connectConsole,
  hasFreshDev,
  inspectSources,
  inspectTmpfsTargets,
  inspectStreams,
  listenForStart,
  openJoins,
  planIsolation,
} from './prepare.ts';
import { buildContainerProgram, keptDescriptors } from './program/container.ts';
import { compileSeccomp } from './seccomp/index.ts';
import { writePidFile } from './pid-file.ts';
import { ociState, userName } from './state/oci-state.ts';
import type { ContainerRecord, Store } from './state/store.ts';
import { superviseInit } from './supervise.ts';

/** What `create` is asked for. */
export interface CreateOptions {
  readonly id: string;
  /** Path of the bundle's directory. */
  readonly bundle: string;
  /** A Unix socket that gets the terminal's master; needed with `process.terminal`. */
  readonly consoleSocket?: string;
  /** Where to write the PID, as text. */
  readonly pidFile?: string;
  readonly noPivot?: boolean;
  readonly noNewKeyring?: boolean;
  /**
   * Go on without a cgroup where this process may make none and neither `cgroupsPath` nor limits
   * ask for one. By default so for everybody but the machine's root.
   */
  readonly rootlessCgroups?: boolean;
  /** How many descriptors from 3 on the container inherits. */
  readonly preserveFds?: number;
  /** The container's standard streams; this process's own by default. */
  readonly stdio?: readonly [number, number, number];
  /** Who makes the container's cgroup; `cgroupfs` by default. */
  readonly cgroupDriver?: CgroupDriver;
  /**
   * Adds to the config what the caller knows besides, such as variables and mounts for descriptors
   * and sockets that it passes on. `directory` is the container's own, which lives as long as it.
   */
  readonly amend?: (config: RuntimeConfig, directory: string) => RuntimeConfig;
}

/** Takes a message about something that is odd but does no harm. */
export type Warn = (message: string) => void;

/** Creates a container and returns its record; nothing is left behind when it fails. */
export function createContainer(store: Store, options: CreateOptions, warn: Warn): ContainerRecord {
  const bundle = loadBundle(options.bundle, ({ pointer, found, next }) => {
    warn(`${join(options.bundle, 'config.json')}: ${pointer}: ${found}. ${next}`);
  });
  checkHost(bundle.config, options);
  const namespaces = planIsolation(bundle.config);
  using _lock = store.create(options.id);
  const cleanup = new Cleanup();
  cleanup.add('remove the state directory', () => store.remove(options.id));
  try {
    const config = options.amend?.(bundle.config, store.directory(options.id)) ?? bundle.config;
    return new Creation(store, options, { ...bundle, config }, namespaces, cleanup, warn).run();
  } catch (error) {
    for (const failure of cleanup.run()) warn(`clean-up after a failed create: ${failure}`);
    throw error;
  }
}

/** One run of `create`; `cleanup` undoes what its steps have done. */
class Creation {
  readonly #store: Store;
  readonly #options: CreateOptions;
  readonly #bundle: Bundle;
  readonly #namespaces: NamespacePlan;
  readonly #cleanup: Cleanup;
  readonly #warn: Warn;
  readonly #open = new DisposableStack();
  readonly #hostRoot = isHostRoot();
  readonly #rootlessCgroups: boolean;
  #record: ContainerRecord;

  constructor(
    store: Store,
    options: CreateOptions,
    bundle: Bundle,
    namespaces: NamespacePlan,
    cleanup: Cleanup,
    warn: Warn,
  ) {
    this.#store = store;
    this.#options = options;
    this.#bundle = bundle;
    this.#namespaces = namespaces;
    this.#cleanup = cleanup;
    this.#warn = warn;
    this.#rootlessCgroups = options.rootlessCgroups ?? !this.#hostRoot;
    this.#record = newRecord(options, bundle);
  }

  run(): ContainerRecord {
    using _ = this.#open;
    const manager = this.#makeCgroup();
    const [control, childControl] = socketpair();
    this.#own(control);
    this.#own(childControl);
    const context = this.#gather(manager, childControl.fd);
    const program = buildContainerProgram(context);
    const child = spawnProgram(program, {
      control,
      childControl,
      keep: keptDescriptors(context),
      name: 'coracle-init',
    });
    this.#record = superviseInit(child, {
      context,
      record: this.#record,
      save: (record) => this.#save(record),
      admit: (pid) => manager.admit(pid),
      cleanup: this.#cleanup,
      runPoststop: () => this.#runPoststop(),
    });
    if (this.#record.init !== undefined) writePidFile(this.#options.pidFile, this.#record.init.pid);
    this.#cleanup.keep();
    return this.#record;
  }

  /**
   * The place is recorded first: a cgroup that nobody knows of could never be removed. One that turns
   * out to be somebody else's is forgotten again.
   */
  #makeCgroup(): CgroupManager {
    const { cgroupDriver = 'cgroupfs' } = this.#options;
    const manager = planCgroup(cgroupDriver, readHost(), this.#cgroupRequest());
    this.#save({ ...this.#record, ...manager.saved });
    try {
      manager.prepare();
    } catch (error) {
      this.#save({ ...this.#record, cgroupPaths: {} });
      throw error;
    }
    this.#cleanup.add('remove the cgroup', () => manager.destroy(this.#warn));
    this.#record = { ...this.#record, ...manager.saved };
    return manager;
  }

  #cgroupRequest(): CgroupRequest {
    const { linux = {}, annotations = {} } = this.#bundle.config;
    return {
      id: this.#options.id,
      cgroupsPath: linux.cgroupsPath ?? '',
      resources: linux.resources ?? {},
      devices: this.#hostRoot ? 'apply' : 'skip',
      annotations,
      owner: this.#hostRoot ? cgroupOwner(this.#bundle.config, this.#namespaces) : undefined,
      rootless: this.#rootlessCgroups,
    };
  }

  #gather({ cgroup, admits }: CgroupManager, controlFd: number): Context {
    const { config, path, rootfs } = this.#bundle;
    const { id, consoleSocket, stdio = [0, 1, 2] } = this.#options;
    const own = (descriptor: Descriptor): void => this.#own(descriptor);
    const directory = this.#store.directory(id);
    const directoryFd = new Descriptor(openSync(directory, 'r'));
    own(directoryFd);
    const listener = listenForStart(directory, directoryFd.fd);
    own(listener);
    const console = consoleSocket === undefined ? undefined : connectConsole(consoleSocket);
    if (console !== undefined) own(console);
    return {
      id,
      config: withAbsoluteSources(config, path),
      process: withGrantableCapabilities(config.process, this.#namespaces, this.#warn),
      rootfs,
      namespaces: this.#namespaces,
      joinFds: openJoins(this.#namespaces, own),
      controlFd,
      startFd: listener.fd,
      consoleFd: console?.fd,
      stdio,
      stdioKinds: inspectStreams(stdio, config.process?.user.uid ?? 0, hasFreshDev(config)),
      preserveFds: this.#options.preserveFds ?? 0,
      cgroups:
        admits === 'nobody' && !joinsCgroupNamespace(this.#namespaces)
          ? planJoin(cgroup.joinFiles(), !separates(this.#namespaces, 'user'))
          : BY_PARENT,
      cgroupPaths: cgroup.paths,
      seccomp: this.#compileFilter(),
      sources: inspectSources(config, path, own),
      tmpfsModes: inspectTmpfsTargets(config, rootfs),
      waitsForHooks: needsHookPoint(config),
      noPivot: this.#options.noPivot ?? false,
      noNewKeyring: this.#options.noNewKeyring ?? false,
      userFirst: !isRoot(),
      rootless: !this.#hostRoot,
      bindDevices: !this.#hostRoot || separates(this.#namespaces, 'user'),
    };
  }

  #compileFilter(): Context['seccomp'] {
    const seccomp = this.#bundle.config.linux?.seccomp;
    if (seccomp === undefined) return undefined;
    return compileSeccomp(seccomp, { cacheDirectory: join(this.#store.root, '.seccomp') });
  }

  #runPoststop(): void {
    const { hooks } = this.#bundle.config;
    runPoststopHooks(hooks?.poststop, ociState(this.#record, 'stopped'), this.#warn);
  }

  #save(record: ContainerRecord): void {
    this.#record = record;
    this.#store.write(record);
  }

  #own(resource: Disposable): void {
    this.#open.use(resource);
  }
}

function newRecord({ id, noPivot = false }: CreateOptions, bundle: Bundle): ContainerRecord {
  return {
    id,
    bundle: bundle.path,
    rootfs: bundle.rootfs,
    config: bundle.config,
    created: new Date().toISOString(),
    owner: userName(process.getuid?.() ?? 0),
    cgroupPaths: {},
    noPivot,
    complete: false,
  };
}

/** A relative source of a bind mount is below the bundle (config.md, "Mounts"). */
function withAbsoluteSources(config: Bundle['config'], bundle: string): Bundle['config'] {
  if (config.mounts === undefined) return config;
  const mounts = config.mounts.map((mount) => {
    const binds =
      mount.type === 'bind' || (mount.options ?? []).some((option) => /^r?bind$/.test(option));
    if (!binds || mount.source === undefined || mount.source.startsWith('/')) return mount;
    return { ...mount, source: join(bundle, mount.source) };
  });
  return { ...config, mounts };
}

function needsHookPoint({ hooks = {}, linux }: Bundle['config']): boolean {
  const { prestart = [], createRuntime = [], createContainer: inside = [] } = hooks;
  const devices = Object.keys(linux?.netDevices ?? {});
  return prestart.length + createRuntime.length + inside.length + devices.length > 0;
}
