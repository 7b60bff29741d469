/**
 * The mechanism: carries a list of planned writes out on a container's directories.
 *
 * Writes go out in order, those into one file through one descriptor. What a write says about
 * tolerated errors, alternatives and ties (write.ts) is decided here and nowhere else.
 */
import { explainFailure } from './advice.ts';
import { replaceDeviceProgram } from './device-attach.ts';
import { CgroupError, errnoOf } from './errors.ts';
import { parseCount, readOptional, writeValue, writeValues } from './files.ts';
import type { CgroupPaths } from './paths.ts';
import type { CgroupWrite, FileWrite } from './write.ts';

/**
 * Applies the writes. What was already written stays when a later one fails: the caller either
 * removes the cgroup (create) or reports (update).
 *
 * Errors: `CGROUP_WRITE` with file, value, errno, JSON pointer and advice; `CGROUP_NO_PATH` when
 * the container is in no cgroup of that controller; `CGROUP_IN_USE` from a usage check.
 */
export function applyWrites(paths: CgroupPaths, writes: readonly CgroupWrite[]): void {
  for (const own of runsBy(writes, (write) => write.controller)) {
    const tied: FileWrite[] = [];
    for (const run of runsBy(own, (write) => write.file)) tied.push(...applyRun(paths, run, true));
    for (const write of tied) applyRun(paths, [write], false);
  }
}

/** Applies writes into one file, and returns those that wait for the controller's others. */
function applyRun(
  paths: CgroupPaths,
  run: readonly CgroupWrite[],
  mayWait: boolean,
): readonly FileWrite[] {
  const [first] = run;
  if (!first) return [];
  const directory = directoryOf(paths, first);
  if ('program' in first) {
    attach(first, directory);
    return [];
  }
  const writes = run.filter((write) => !('program' in write));
  const waiting: FileWrite[] = [];
  const refused = (write: FileWrite, error: unknown): void => {
    if (mayWait && write.tied && errnoOf(error) === 'EINVAL') waiting.push(write);
    else recover(write, directory, error);
  };
  for (const write of writes) checkUsage(write, directory);
  writeAll(`${directory}/${first.file}`, writes, refused);
  return waiting;
}

/** Refuses limits below what is in use, where that is asked for, before anything is written. */
export function checkUsages(paths: CgroupPaths, writes: readonly CgroupWrite[]): void {
  for (const write of writes) {
    if (!('program' in write)) checkUsage(write, directoryOf(paths, write));
  }
}

function writeAll(
  path: string,
  writes: readonly FileWrite[],
  refused: (write: FileWrite, error: unknown) => void,
): void {
  const [first, second] = writes;
  try {
    if (first && !second) writeValue(path, first.value);
    else {
      const values = writes.map((write) => write.value);
      writeValues(path, values, (error, index) => {
        const write = writes[index];
        if (write) refused(write, error);
      });
    }
  } catch (error) {
    if (error instanceof CgroupError) throw error;
    // The file would not open, or its single write was refused: that is each write's failure.
    for (const write of writes) refused(write, error);
  }
}

/** The last word on a refused write: tolerated, written elsewhere, or an error. */
function recover(write: FileWrite, directory: string, error: unknown): void {
  const errno = errnoOf(error);
  if (errno !== undefined && write.tolerate?.errnos.includes(errno)) return;
  if (errno === 'ENOENT' && write.orElse) {
    const { orElse, ...rest } = write;
    applyAlternative({ ...rest, ...orElse }, directory);
    return;
  }
  throw explainFailure(write, directory, error);
}

function applyAlternative(write: FileWrite, directory: string): void {
  try {
    writeValue(`${directory}/${write.file}`, write.value);
  } catch (error) {
    throw explainFailure(write, directory, error);
  }
}

function attach(write: Extract<CgroupWrite, { program: Uint8Array }>, directory: string): void {
  try {
    replaceDeviceProgram(directory, write.program);
  } catch (error) {
    throw explainFailure(write, directory, error);
  }
}

function checkUsage(write: FileWrite, directory: string): void {
  if (!write.mustExceed) return;
  const used = readOptional(`${directory}/${write.mustExceed.file}`);
  if (used === undefined || parseCount(used) < BigInt(write.mustExceed.limit)) return;
  const { controller, value, source } = write;
  const what = write.file.includes('swap') ? 'memory+swap limit' : 'memory limit';
  const message = `${source}: rejecting ${what} ${write.mustExceed.limit} <= usage ${used}; stop something first, or drop checkBeforeUpdate and let the OOM killer decide`;
  const file = `${directory}/${write.mustExceed.file}`;
  throw new CgroupError('CGROUP_IN_USE', message, { controller, value, source, file });
}

function directoryOf(paths: CgroupPaths, write: CgroupWrite): string {
  const directory = paths[write.version === 2 ? '' : write.controller];
  if (directory !== undefined) return directory;
  const { controller, source } = write;
  const message = `${source}: cannot set ${controller} limit: container could not join or create cgroup; run as root, or give a delegated linux.cgroupsPath, or leave the limit out`;
  throw new CgroupError('CGROUP_NO_PATH', message, { controller, source });
}

/** `[a a b a]` → `[[a a] [b] [a]]`. */
function runsBy<Item>(items: readonly Item[], key: (item: Item) => string): Item[][] {
  const runs: Item[][] = [];
  let last: string | undefined;
  for (const item of items) {
    const current = key(item);
    if (current === last) runs.at(-1)?.push(item);
    else runs.push([item]);
    last = current;
  }
  return runs;
}
