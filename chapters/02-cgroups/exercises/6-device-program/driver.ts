/** Attaches the learner's program to a cgroup of this machine. */
import { openCgroup, readHost } from 'coracle/cgroups';
import type { CgroupPaths, DeviceStep } from 'coracle/cgroups';

interface Learner {
  assembleDeviceProgram(steps: readonly DeviceStep[]): Uint8Array;
}

interface Task {
  readonly steps: DeviceStep[];
  readonly paths: CgroupPaths;
}

export function attach(learner: Learner, { steps, paths }: Task): void {
  const program = learner.assembleDeviceProgram(steps);
  const at = { controller: 'devices', version: 2, file: 'BPF_CGROUP_DEVICE' } as const;
  openCgroup(readHost(), paths).apply([{ ...at, value: '', source: '/exercise', program }]);
}
