/**
 * Which CPUs and memory nodes a container may use.
 *
 * The files are the same in both versions. What differs is the start: a new version 1 cpuset is
 * empty and takes no process until both files are filled (see create.ts), a new version 2
 * one inherits. Spec: config-linux.md "CPU"; cpuset(7).
 */
import type { LinuxCpu } from '../../oci/index.ts';
import { invalidResource } from '../errors.ts';
import type { CgroupHost } from '../host.ts';
import type { FileWrite } from '../write.ts';
import { RESOURCES, asWrites, requireController } from './setting.ts';

const POINTER = `${RESOURCES}/cpu`;

/** Numbers and ranges separated by commas; cpuset(7) "List format", without strides. */
const LIST = /^\s*\d+(-\d+)?(\s*,\s*\d+(-\d+)?)*\s*$/;

/** `cpus` and `mems`; an empty string means "not asked for". Pure; errors as in `planResources`. */
export function planCpuset(host: CgroupHost, cpu: LinuxCpu): FileWrite[] {
  const writes: FileWrite[] = [];
  for (const from of ['cpus', 'mems'] as const) {
    const value = cpu[from];
    if (value === undefined || value === '') continue;
    if (!LIST.test(value)) {
      throw invalidResource(`${POINTER}/${from}`, 'cpuset', value, 'is not a list such as "0-3,7"');
    }
    const at = requireController(host, `${POINTER}/${from}`, 'cpuset');
    writes.push(...asWrites(at, POINTER, [{ from, file: `cpuset.${from}`, value }]));
  }
  return writes;
}
