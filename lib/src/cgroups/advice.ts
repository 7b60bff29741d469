/**
 * What an errno means when the kernel refuses a limit, and what to do about it.
 *
 * It is consulted after the fact only, so it may read files to say more.
 */
import { posix } from 'node:path';
import { messageOf } from '../base/index.ts';
import { CgroupError, errnoOf } from './errors.ts';
import { readOptional } from './files.ts';
import type { CgroupWrite } from './write.ts';

/** Turns the failure of one write into a `CgroupError` with code `CGROUP_WRITE`. */
export function explainFailure(write: CgroupWrite, directory: string, cause: unknown): CgroupError {
  const errno = errnoOf(cause);
  const file = `${directory}/${write.file}`;
  const { controller, value, source } = write;
  const reason = errno ?? messageOf(cause);
  const message = `${source}: cannot write ${JSON.stringify(value)} to ${file}: ${reason}; ${adviceFor(write, directory, errno)}`;
  const details = { controller, file, value, source, cause, ...(errno && { errno }) };
  return new CgroupError('CGROUP_WRITE', message, details);
}

function adviceFor(write: CgroupWrite, directory: string, errno: string | undefined): string {
  const general = GENERAL[errno ?? ''];
  return particular(write, directory, errno) ?? general ?? 'the kernel does not take this value';
}

/** By errno alone. */
const GENERAL: Readonly<Record<string, string>> = {
  EACCES: 'permission denied: this needs root, or a cgroup delegated to this user',
  EPERM: 'permission denied: this needs root, or a cgroup delegated to this user',
  EROFS: 'the cgroup file system is mounted read-only; remount it or start outside of a container',
  ENODEV: 'no such device, or the cgroup was removed meanwhile',
  EINVAL: 'the kernel finds the value malformed, out of range, or more than the parent cgroup has',
};

function particular(
  write: CgroupWrite,
  directory: string,
  errno: string | undefined,
): string | undefined {
  const parent = posix.dirname(directory);
  switch (`${write.controller} ${errno ?? ''}`) {
    case 'memory EBUSY':
      return memoryInUse(write.value, directory);
    case 'memory EINVAL':
      return write.file.includes('limit')
        ? 'the memory limit must not exceed the limit of memory and swap'
        : undefined;
    case 'cpuset EACCES':
    case 'cpuset EINVAL':
    case 'cpuset ERANGE': {
      const here =
        readOptional(`${parent}/${write.file}.effective`) ??
        readOptional(`${parent}/${write.file}`) ??
        'unknown';
      return `the parent cgroup allows ${JSON.stringify(here)}; ask for some of those`;
    }
    case 'cpu EINVAL':
      return write.file.startsWith('cpu.rt_')
        ? 'real-time runtime must first be given to every ancestor cgroup, and fit its period'
        : 'period must be 1000 to 1000000 µs, quota at least 1000 µs, both within the parent cgroup’s';
    default:
      return errno === 'ENOENT' ? missingFile(write, parent) : undefined;
  }
}

function memoryInUse(limit: string, directory: string): string {
  const usage = readOptional(`${directory}/memory.usage_in_bytes`) ?? 'unknown';
  const peak = readOptional(`${directory}/memory.max_usage_in_bytes`) ?? 'unknown';
  return `unable to set memory limit to ${limit} (current usage: ${usage}, peak usage: ${peak}); give more, or stop something first`;
}

function missingFile(write: CgroupWrite, parent: string): string {
  if (write.version === 1) {
    return 'this kernel does not have the file; leave the resource out, or see its CONFIG_ option';
  }
  const enabled = readOptional(`${parent}/cgroup.subtree_control`) ?? '';
  const why = enabled.split(' ').includes(write.controller) ? '' : inTheWay(parent);
  return `the kernel lacks the file, or the ${write.controller} controller is not enabled here (the parent's cgroup.subtree_control has: ${enabled || 'none'}${why})`;
}

/** "No internal processes": cgroups(7). */
function inTheWay(parent: string): string {
  const inside = readOptional(`${parent}/cgroup.procs`) ?? '';
  if (inside === '') return '';
  return `; ${parent} holds processes, ${inside.split('\n').join(', ')}, and so may pass none on: move them, or choose another linux.cgroupsPath`;
}
