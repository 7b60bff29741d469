/**
 * How many tasks (processes and threads) a container may have: the end of fork bombs.
 *
 * Same file in both versions. Spec: config-linux.md "PIDs"; kernel: cgroup-v1/pids.rst.
 */
import type { LinuxPids } from '../../oci/index.ts';
import type { CgroupHost } from '../host.ts';
import type { FileWrite } from '../write.ts';
import { RESOURCES, asWrites, requireController } from './setting.ts';

const POINTER = `${RESOURCES}/pids`;

/**
 * A negative limit is none. 0 is a limit, as the specification notes, and is written as 1: the
 * first process is moved in, which no limit prevents, so both mean that it cannot fork. runc does
 * the same, because systemd takes no 0. Pure; errors as in `planResources`.
 */
export function planPids(host: CgroupHost, pids: LinuxPids): FileWrite[] {
  if (pids.limit === undefined) return [];
  const at = requireController(host, POINTER, 'pids');
  const value = Number(pids.limit) < 0 ? 'max' : String(pids.limit || 1);
  return asWrites(at, POINTER, [{ from: 'limit', file: 'pids.max', value }]);
}
