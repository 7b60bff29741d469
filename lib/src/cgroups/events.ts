/**
 * When the kernel kills for lack of memory: how often, and word of it when it happens.
 *
 * v1: an eventfd registered in cgroup.event_control (oom-notifier.ts). v2: memory.events is
 * "modified", which inotify reports. Kernel: cgroup-v1/memory.rst "OOM Control", cgroup-v2.rst.
 */
import { watch } from 'node:fs';
import { parseKeyed, readOptional } from './files.ts';
import { watchOomControl } from './oom-notifier.ts';
import type { CgroupPaths } from './paths.ts';

/** Something that stops being watched with `close`. */
export interface Watcher {
  /** Stops watching; may be called twice. */
  close(): void;
}

/** How many processes of the container the OOM killer took so far. */
export function oomKills(paths: CgroupPaths): bigint {
  return parseKeyed(readOptional(oomFile(paths))).oom_kill ?? 0n;
}

/**
 * Calls `onOom` whenever the cgroup runs out of memory, and `onEnd` once when it is removed.
 * Keeps the process alive until closed or ended.
 */
export function watchOom(
  paths: CgroupPaths,
  onOom: () => void,
  onEnd: () => void = () => undefined,
): Watcher {
  return paths.memory === undefined
    ? watchVersionTwo(paths, onOom, onEnd)
    : watchOomControl(paths.memory, onOom, onEnd);
}

function oomFile(paths: CgroupPaths): string {
  return paths.memory === undefined
    ? `${paths[''] ?? ''}/memory.events`
    : `${paths.memory}/memory.oom_control`;
}

function watchVersionTwo(paths: CgroupPaths, onOom: () => void, onEnd: () => void): Watcher {
  let seen = oomKills(paths);
  const watcher = watch(oomFile(paths), () => {
    if (readOptional(oomFile(paths)) === undefined) {
      watcher.close();
      onEnd();
      return;
    }
    const now = oomKills(paths);
    if (now > seen) onOom();
    seen = now;
  });
  return watcher;
}
