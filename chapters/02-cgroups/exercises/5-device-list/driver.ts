/** Has the learner's list hold in a cgroup of this machine. */
import { assembleDeviceProgram, openCgroup, readHost } from 'coracle/cgroups';
import type { CgroupPaths, CgroupWrite, DeviceList, DeviceRule, DeviceStep } from 'coracle/cgroups';
import { textOf } from '../rules.ts';

interface Learner {
  foldDeviceRules(steps: readonly DeviceStep[]): DeviceList;
}

/** Folds the steps, and returns them as they are afterwards. */
export function afterwards(learner: Learner, steps: DeviceStep[]): DeviceStep[] {
  learner.foldDeviceRules(steps);
  return steps;
}

interface Task {
  readonly steps: DeviceStep[];
  readonly paths: CgroupPaths;
}

/** Folds the steps and writes what came, as version 1 or as the program of such a list. */
export function hold(learner: Learner, { steps, paths }: Task): void {
  const { allow, exceptions } = learner.foldDeviceRules(steps);
  const cgroup = openCgroup(readHost(), paths);
  const isVersionOne = paths['devices'] !== undefined;
  cgroup.apply(isVersionOne ? list(allow, exceptions) : [program(allow, exceptions)]);
}

function list(allow: boolean, exceptions: readonly DeviceRule[]): CgroupWrite[] {
  const at = { controller: 'devices', version: 1, source: '/exercise' } as const;
  return [
    { ...at, file: `devices.${allow ? 'allow' : 'deny'}`, value: 'a' },
    ...exceptions.map((rule) => ({
      ...at,
      file: `devices.${allow ? 'deny' : 'allow'}`,
      value: textOf(rule).replace(/^\w+ /, ''),
    })),
  ];
}

function program(allow: boolean, exceptions: readonly DeviceRule[]): CgroupWrite {
  const source = '/exercise';
  const bytes = assembleDeviceProgram([{ reset: allow, source }, ...exceptions]);
  const file = 'BPF_CGROUP_DEVICE';
  return { controller: 'devices', version: 2, file, value: '', source, program: bytes };
}
