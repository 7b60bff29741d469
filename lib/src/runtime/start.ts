/**
 * `start`: lets a created container's process go on to its program (runtime.md, "Start").
 *
 *     connect → "started" → startContainer hooks → remove the socket → go → end of stream → poststart
 *
 * Whoever connects first starts the container. The socket's file goes before the program runs, so a
 * container whose file is there has never run it.
 */
import { openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../base/index.ts';
import { readHost } from '../cgroups/index.ts';
import { Descriptor, ProgramProcess } from '../sys/index.ts';
import { NOTICE } from './context.ts';
import type { Warn } from './create.ts';
import { destroyContainer } from './delete.ts';
import { RuntimeError } from './errors.ts';
import { startError } from './start-error.ts';
import { runHooksInside } from './hooks-inside.ts';
import { runHooks } from './hooks.ts';
import { connectToStart } from './prepare.ts';
import { ociState } from './state/oci-state.ts';
import { statusOf } from './state/status.ts';
import { START_SOCKET, type ContainerRecord, type Store } from './state/store.ts';

export function startContainer(store: Store, id: string, warn: Warn): void {
  using _lock = store.lock(id);
  const record = store.read(id);
  checkStatus(store, record);
  if (record.config.process === undefined) {
    throw new RuntimeError(
      'NO_PROCESS',
      'the container has no process to start: config.json has no /process; add it and create the container again',
    );
  }
  const pid = record.init?.pid ?? 0;
  release(store, record, pid, warn);
  const { hooks } = record.config;
  try {
    runHooks('poststart', hooks?.poststart, ociState(record, 'running'));
  } catch (error) {
    destroyContainer(store, record, warn);
    throw error;
  }
}

function checkStatus(store: Store, record: ContainerRecord): void {
  const status = statusOf(store, record, readHost());
  switch (status) {
    case 'created':
      return;
    case 'running':
      throw new RuntimeError('CONTAINER_STATUS', 'cannot start an already running container');
    case 'stopped':
      throw new RuntimeError('CONTAINER_STATUS', 'cannot start a container that has stopped');
    case 'paused':
    case 'creating':
      throw new RuntimeError('CONTAINER_STATUS', `cannot start a container in the ${status} state`);
  }
}

/** Takes the control socket's place and follows the child to the end of its program. */
function release(store: Store, record: ContainerRecord, pid: number, warn: Warn): void {
  const directory = store.directory(record.id);
  using directoryFd = new Descriptor(openSync(directory, 'r'));
  using child = new ProgramProcess(pid, undefined, connectToStart(directory, directoryFd.fd));
  if (child.receive()?.tag !== NOTICE.started) {
    throw new RuntimeError('CONTAINER_STATUS', 'cannot start a container that has stopped');
  }
  try {
    const { hooks } = record.config;
    runHooksInside('startContainer', hooks?.startContainer, ociState(record, 'created'), pid);
  } catch (error) {
    destroyContainer(store, record, warn);
    throw error;
  }
  rmSync(join(directory, START_SOCKET), { force: true });
  child.send();
  try {
    child.receive();
  } catch (error) {
    throw startError(
      new Error(`exec ${describeProgram(record)}: ${messageOf(error)}`, { cause: error }),
    );
  }
}

function describeProgram({ config }: ContainerRecord): string {
  return JSON.stringify(config.process?.args?.[0] ?? '');
}
