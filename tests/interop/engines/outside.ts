/**
 * What the kernel says about a container's process, read from outside the container: the
 * observations of this suite never trust what an engine or a runtime reports about itself.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** A field of /proc/PID/status, such as `CapEff` or `Seccomp`; see proc(5). */
export function status(pid: number, field: string): string {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? '';
}

/** Whether a process runs; one that has died but was not yet reaped does not. */
export function isAlive(pid: number): boolean {
  try {
    return !status(pid, 'State').startsWith('Z');
  } catch {
    return false;
  }
}

/** The process ids, as the host counts, in the cgroup of the process. */
export function processesBeside(pid: number): number[] {
  return cgroupFile(pid, 'pids', 'cgroup.procs', 'cgroup.procs').split('\n').map(Number);
}

/** The soft and hard value of a limit, such as `Max open files`, from /proc/PID/limits. */
export function limits(pid: number, name: string): readonly [string, string] {
  const text = readFileSync(`/proc/${pid}/limits`, 'utf8');
  const values = new RegExp(`^${name}\\s+(\\S+)\\s+(\\S+)`, 'm').exec(text);
  return [values?.[1] ?? '', values?.[2] ?? ''];
}

/** Whether a set of capabilities in hexadecimal, as in /proc/PID/status, has number `capability`. */
export function hasCapability(set: string, capability: number): boolean {
  return ((BigInt(`0x${set}`) >> BigInt(capability)) & 1n) === 1n;
}

/** Whether anything on this machine can raise a resource limit: some virtual machines forbid it. */
export function canRaiseLimits(): boolean {
  const CAP_SYS_RESOURCE = 24;
  return hasCapability(status(process.pid, 'CapBnd'), CAP_SYS_RESOURCE);
}

/** The identity of a namespace, such as `net:[4026531840]`; two processes share it if equal. */
export function namespace(pid: number | 'self', kind: string): string {
  return readlinkSync(`/proc/${pid}/ns/${kind}`);
}

/** The options of the mount at `target` as the process sees it, such as `rw,nosuid,relatime`. */
export function mountOptions(pid: number, target: string): string | undefined {
  return mounts(pid).findLast((mount) => mount.target === target)?.options;
}

/** The memory limit in bytes of the process's cgroup. */
export function memoryLimit(pid: number): number {
  return Number(cgroupFile(pid, 'memory', 'memory.limit_in_bytes', 'memory.max'));
}

/** The largest number of tasks in the process's cgroup, or `max`. */
export function pidsLimit(pid: number): string {
  return cgroupFile(pid, 'pids', 'pids.max', 'pids.max');
}

/** How many CPUs' worth of time the process's cgroup may use: quota divided by period. */
export function cpuLimit(pid: number): number {
  if (!onCgroup1('cpu')) {
    const [quota, period] = cgroupFile(pid, 'cpu', '', 'cpu.max').split(' ');
    return Number(quota) / Number(period);
  }
  const quota = Number(cgroupFile(pid, 'cpu', 'cpu.cfs_quota_us', ''));
  return quota / Number(cgroupFile(pid, 'cpu', 'cpu.cfs_period_us', ''));
}

/** The CPUs the process's cgroup may run on, such as `0` or `0-1`. */
export function cpus(pid: number): string {
  return cgroupFile(pid, 'cpuset', 'cpuset.cpus', 'cpuset.cpus');
}

/** The share of CPU time against other cgroups, on the scale of the machine's cgroups. */
export function cpuShare(pid: number): number {
  return Number(cgroupFile(pid, 'cpu', 'cpu.shares', 'cpu.weight'));
}

/** Whether the process's cgroup is frozen. */
export function isFrozen(pid: number): boolean {
  return ['FROZEN', '1'].includes(cgroupFile(pid, 'freezer', 'freezer.state', 'cgroup.freeze'));
}

/** The path of the process's cgroup below its hierarchy's root. */
export function cgroupPath(pid: number, controller = 'memory'): string {
  const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().split('\n');
  const fields = lines.map((line) => line.split(':'));
  const of = (name: string) => fields.find((field) => (field[1] ?? '').split(',').includes(name));
  return (onCgroup1(controller) ? of(controller) : of(''))?.slice(2).join(':') ?? '';
}

interface Mount {
  readonly target: string;
  readonly options: string;
  readonly type: string;
  readonly superOptions: string[];
}

/** A file of the process's cgroup: `v1` where the controller is on cgroup v1, else `v2`. */
export function cgroupFile(pid: number, controller: string, v1: string, v2: string): string {
  const name = onCgroup1(controller) ? v1 : v2;
  const path = join(hierarchy(controller), cgroupPath(pid, controller), name);
  return readFileSync(path, 'utf8').trim();
}

/** Whether the controller is mounted as cgroup v1 on this machine. */
export function onCgroup1(controller: string): boolean {
  return mounts('self').some((mount) => isCgroup1Of(mount, controller));
}

function hierarchy(controller: string): string {
  const all = mounts('self');
  const found =
    all.find((mount) => isCgroup1Of(mount, controller)) ??
    all.find((mount) => mount.type === 'cgroup2');
  return found?.target ?? '/sys/fs/cgroup';
}

function isCgroup1Of(mount: Mount, controller: string): boolean {
  return mount.type === 'cgroup' && mount.superOptions.includes(controller);
}

function mounts(pid: number | 'self'): Mount[] {
  const lines = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const [type = '', , superOptions = ''] = right.split(' ');
    const fields = left.split(' ');
    const [target = '', options = ''] = fields.slice(4);
    return { target, options, type, superOptions: superOptions.split(',') };
  });
}
