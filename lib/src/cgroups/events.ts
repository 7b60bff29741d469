/**
 * When the kernel kills for lack of memory: how often, and word of it when it happens.
 *
 * v1: an eventfd registered in cgroup.event_control for memory.oom_control. v2: memory.events is
 * "modified", which inotify reports. Kernel: cgroup-v1/memory.rst "OOM Control", cgroup-v2.rst.
 */
import { closeSync, existsSync, openSync, read, watch, writeSync } from 'node:fs';
import { posix } from 'node:path';
import { O_CLOEXEC, syscall } from '../sys/index.ts';
import { parseKeyed, readOptional, writeValue } from './files.ts';
import type { CgroupPaths } from './paths.ts';

/** How many processes of the container the OOM killer took so far. */
export function oomKills(paths: CgroupPaths): bigint {
  return parseKeyed(readOptional(oomFile(paths))).oom_kill ?? 0n;
}

/** Something that stops being watched with `close`. */
export interface Watcher {
  close(): void;
}

/**
 * Calls `onOom` whenever the cgroup runs out of memory, and `onEnd` once when it is removed.
 * Keeps the process alive until closed or ended.
 */
export function watchOom(
  paths: CgroupPaths,
  onOom: () => void,
  onEnd: () => void = ignore,
): Watcher {
  return paths.memory === undefined
    ? watchVersionTwo(paths, onOom, onEnd)
    : watchVersionOne(paths.memory, onOom, onEnd);
}

function ignore(): void {
  // The caller does not want to know.
}

function oomFile(paths: CgroupPaths): string {
  return paths.memory === undefined
    ? posix.join(paths[''] ?? '/', 'memory.events')
    : posix.join(paths.memory, 'memory.oom_control');
}

/** The kernel also signals the eventfd when the cgroup goes; then the file is no longer there. */
function watchVersionOne(directory: string, onOom: () => void, onEnd: () => void): Watcher {
  const eventFd = syscall('eventfd2', 0, O_CLOEXEC);
  const oomFd = openSync(posix.join(directory, 'memory.oom_control'), 'r');
  let closed = false;
  const finish = (): void => {
    closed = true;
    closeSync(oomFd);
    closeSync(eventFd);
  };
  const wait = (): void =>
    read(eventFd, Buffer.alloc(8), 0, 8, null, (error) => {
      if (closed) {
        finish();
      } else if (error !== null || !existsSync(directory)) {
        finish();
        onEnd();
      } else {
        onOom();
        wait();
      }
    });
  writeValue(posix.join(directory, 'cgroup.event_control'), `${eventFd} ${oomFd}`);
  wait();
  return {
    close: () => {
      if (closed) return;
      closed = true;
      // The read is waiting in another thread: give it its eight bytes.
      writeSync(eventFd, Buffer.from(new BigUint64Array([1n]).buffer));
    },
  };
}

function watchVersionTwo(paths: CgroupPaths, onOom: () => void, onEnd: () => void): Watcher {
  let seen = oomKills(paths);
  const watcher = watch(oomFile(paths), () => {
    const now = oomKills(paths);
    if (now > seen) onOom();
    seen = now;
    if (readOptional(oomFile(paths)) !== undefined) return;
    watcher.close();
    onEnd();
  });
  return watcher;
}
