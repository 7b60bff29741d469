/**
 * When the kernel kills for lack of memory: how often, and word of it when it happens.
 *
 * v1: an eventfd registered in cgroup.event_control (oom-notifier.ts). v2: memory.events is
 * "modified", which inotify reports; of a cgroup's end it says nothing to those who watch its files,
 * only to who watches the directory above. Kernel: cgroup-v1/memory.rst "OOM Control", cgroup-v2.rst.
 */
import { statSync, watch } from 'node:fs';
import { posix } from 'node:path';
import { parseFlatKeyed } from '#parts/cgroups/keyed.ts';
import { readOptional } from './files.ts';
import { watchOomControl } from './oom-notifier.ts';
import type { CgroupPaths } from './paths.ts';

/** Something that stops being watched with `close`. */
export interface Watcher {
  /** Stops watching; may be called twice. */
  close(): void;
}

/** How many processes of the container the OOM killer took so far. */
export function oomKills(paths: CgroupPaths): bigint {
  return parseFlatKeyed(readOptional(oomFile(paths))).oom_kill ?? 0n;
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
  const directory = paths[''] ?? '';
  const made = inodeOf(directory);
  const files = watch(oomFile(paths), () => {
    const now = oomKills(paths);
    if (now > seen) onOom();
    seen = now;
  });
  let seen = oomKills(paths);
  const above = watch(posix.dirname(directory), () => {
    // Another of the same name may already be there.
    if (inodeOf(directory) !== made) end();
  });
  let ended = false;
  const close = (): void => {
    ended = true;
    files.close();
    above.close();
  };
  const end = (): void => {
    if (ended) return;
    close();
    onEnd();
  };
  // Removed before anybody watched: then nothing will ever happen.
  if (inodeOf(directory) !== made) setImmediate(end);
  return { close };
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
