/** Exercise 04.6: what a container is doing, seen and not remembered. */
import type { ContainerStatus } from '../../oci/index.ts';
import type { Observed, ProcessInfo } from '../state/observed.ts';
import type { ContainerRecord } from '../state/store.ts';

// #region exercise-04-6
/**
 * The state and start time in the text of `/proc/PID/stat` (proc_pid_stat(5)). Pure.
 *
 * They are its fields 3 and 22, counted from 1. Fields are separated by one space, but field 2, the
 * name, is in parentheses and is whatever the process likes: it may itself have spaces, parentheses
 * and line breaks. No field after it has parentheses. The start time stays text: it may be larger
 * than a number is exact. A field that is missing is the empty string.
 */
export function parseProcess(stat: string): ProcessInfo {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTime: fields[19] ?? '' };
}

/**
 * Whether `process` is the container's first process, and still runs. Pure.
 *
 * PIDs are used again: it is another process if the start time is not the recorded one. A process
 * that has ended but was not waited for is still there, in the state `Z` or `X`; it does not run.
 *
 * @param process what has the recorded PID now; `undefined` when nothing has it.
 */
export function isInitAlive(
  { init }: Pick<ContainerRecord, 'init'>,
  process: ProcessInfo | undefined,
): boolean {
  if (init === undefined || process === undefined) return false;
  return process.startTime === init.startTime && process.state !== 'Z' && process.state !== 'X';
}

/**
 * The status of a container (runtime.md, "State"), in which `paused` is an addition. Pure.
 *
 * - Its first process does not run: `stopped`, if there has been one (`init`) or `create` has
 *   finished (`complete`); else `creating`.
 * - It runs, and the cgroup is frozen: `paused`, whatever else is true.
 * - It runs, and `create` has not finished: `creating`.
 * - It runs: `created` as long as it waits for `start`, then `running`.
 *
 * `isFrozen` and `awaitsStart` look at files: they are called only where the answer decides, and
 * not of a container whose first process does not run.
 */
export function containerStatus(
  record: Pick<ContainerRecord, 'init' | 'complete'>,
  observed: Observed,
): ContainerStatus {
  if (!isInitAlive(record, observed.process)) {
    return record.complete || record.init !== undefined ? 'stopped' : 'creating';
  }
  if (observed.isFrozen()) return 'paused';
  if (!record.complete) return 'creating';
  return observed.awaitsStart() ? 'created' : 'running';
}
// #endregion exercise-04-6
