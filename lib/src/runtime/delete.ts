/** `kill` and `delete` (runtime.md, "Kill", "Delete"): each step may find its work already done. */
import { openCgroup, openManager, readHost, type CgroupHost } from '../cgroups/index.ts';
import { hasCode, pidfdOpen, pidfdSendSignal, SIGKILL, waitReadable } from '../sys/index.ts';
import type { Warn } from './create.ts';
import { RuntimeError } from './errors.ts';
import { runPoststopHooks } from './hooks.ts';
import { ociState } from './state/oci-state.ts';
import { isAlive, statusOf } from './state/status.ts';
import type { ContainerRecord, Store } from './state/store.ts';

/**
 * Sends a signal to the container's first process, or with `all` to every one of its processes.
 *
 * @throws RuntimeError when it has none.
 */
export function killContainer(
  store: Store,
  id: string,
  signal: number,
  options: { all?: boolean } = {},
): void {
  const record = store.read(id);
  if (options.all === true) {
    const cgroup = openCgroup(readHost(), record.cgroupPaths);
    cgroup.kill(signal);
    return;
  }
  if (!isAlive(record)) throw new RuntimeError('CONTAINER_STATUS', 'container not running');
  signalInit(record, signal);
}

/**
 * Removes a stopped container; with `force` kills it first, and is content if there is none.
 *
 * A created container is not a stopped one (runtime.md, "Delete"), although runc deletes it.
 */
export function deleteContainer(
  store: Store,
  id: string,
  options: { force?: boolean },
  warn: Warn,
): void {
  const force = options.force === true;
  if (force && !store.has(id)) return;
  using _lock = force ? store.lockAny(id) : store.lock(id);
  const record = force ? readAny(store, id) : store.read(id);
  if (record === undefined) {
    store.remove(id);
    return;
  }
  const host = readHost();
  const status = statusOf(store, record, host);
  if (!force && status !== 'stopped') {
    throw new RuntimeError(
      'CONTAINER_STATUS',
      `cannot delete container ${id} that is not stopped: ${status}`,
    );
  }
  destroyContainer(store, record, warn, host);
}

/**
 * Ends a container, whatever is left of it, and forgets it. The caller holds its lock.
 *
 * @throws the first error of a step that would leave something behind; the record stays then, so
 *   that `delete` can be tried again.
 */
export function destroyContainer(
  store: Store,
  record: ContainerRecord,
  warn: Warn,
  host: CgroupHost = readHost(),
): void {
  const manager = openManager(host, record);
  const { cgroup } = manager;
  if (isAlive(record)) {
    signalInit(record, SIGKILL);
    if (cgroup.isFrozen()) cgroup.thaw();
    awaitEnd(record);
  }
  // Without a PID namespace of its own the first process does not take the others with it.
  cgroup.kill(SIGKILL);
  manager.destroy(warn);
  runPoststopHooks(record.config.hooks?.poststop, ociState(record, 'stopped'), warn);
  store.remove(record.id);
}

/** By pidfd, so that no other process that got the number meanwhile is hit. */
function signalInit(record: ContainerRecord, signal: number): void {
  try {
    using handle = pidfdOpen(record.init?.pid ?? 0);
    if (!isAlive(record)) throw new RuntimeError('CONTAINER_STATUS', 'container not running');
    pidfdSendSignal(handle.fd, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
    throw new RuntimeError('CONTAINER_STATUS', 'container not running', { cause: error });
  }
}

/** Ten seconds, as runc waits; a process in uninterruptible sleep does not die sooner. */
const END_TIMEOUT = 10_000;

function awaitEnd(record: ContainerRecord): void {
  const pid = record.init?.pid ?? 0;
  try {
    using handle = pidfdOpen(pid);
    if (!isAlive(record) || waitReadable(handle.fd, END_TIMEOUT)) return;
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return;
    throw error;
  }
  throw new RuntimeError(
    'CONTAINER_STUCK',
    `container init ${pid} does not die of SIGKILL; try again later`,
  );
}

/** `undefined` when the runtime was killed before it had written a whole record. */
function readAny(store: Store, id: string): ContainerRecord | undefined {
  try {
    return store.read(id);
  } catch (error) {
    if (error instanceof RuntimeError && error.code === 'CONTAINER_NOT_FOUND') return undefined;
    throw error;
  }
}
