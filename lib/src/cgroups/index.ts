/** Layer 02: control groups. Plans are pure, one `apply` carries them out. */
export { applyWrites } from './apply.ts';
export { Cgroup, createCgroup, openCgroup } from './cgroup.ts';
export { blkioWeightToIoWeight } from './controllers/io.ts';
export { BPF, bpfInstruction, type BpfInstruction } from './controllers/bpf.ts';
export {
  cannotPunch,
  coversDevices,
  sharesDevices,
  type DeviceList,
} from './controllers/device-list.ts';
export {
  DEVICE_REGISTER,
  DEVICE_TYPE,
  deviceEpilogue,
  devicePrologue,
} from './controllers/device-program.ts';
export { explainDeviceProgram } from './controllers/device-explain.ts';
export { openManager, planCgroup } from './drivers.ts';
export type { CgroupDriver } from './drivers.ts';
export { ALL_ACCESS, DEFAULT_DEVICE_RULES, parseDeviceRules } from './controllers/device-rules.ts';
export type { DeviceRule, DeviceStep } from './controllers/device-rules.ts';
export { needsMemoryLimit, type MemoryFiles } from './controllers/memory-files.ts';
export { asked } from './controllers/setting.ts';
export type { CreateOptions } from './create.ts';
export { countDevicePrograms } from './device-attach.ts';
export { delegateCgroup } from './delegate.ts';
export { CgroupError } from './errors.ts';
export type { CgroupErrorDetails } from './errors.ts';
export { oomKills, watchOom } from './events.ts';
export type { Watcher } from './events.ts';
export { parseCount } from './files.ts';
export { detectHost, readHost } from './host.ts';
export type { CgroupHost, Hierarchy, HostTexts } from './host.ts';
export type { KillTarget } from './kill-target.ts';
export type { CgroupManager, CgroupRequest, SavedCgroup, SystemdUnit } from './manager.ts';
export { pathError, type CgroupPaths } from './paths.ts';
export { planResources } from './plan.ts';
export type { PlanOptions } from './plan.ts';
export { PROPERTY_ANNOTATION } from './systemd/annotations.ts';
export { stringifyStats } from './stats/index.ts';
export type {
  BlkioEntry,
  BlkioStats,
  CgroupStats,
  CpuStats,
  CpusetStats,
  HugetlbStats,
  MemoryCounter,
  MemoryStats,
  Pressure,
  PressureLine,
} from './stats/index.ts';
export { explainWrites } from './write.ts';
export type { CgroupWrite, FileWrite, ProgramWrite } from './write.ts';
// The taught parts: the learner's, where the engine runs on them.
export { cpuMaxText, sharesToWeight } from '#parts/cgroups/cpu.ts';
export { foldDeviceRules } from '#parts/cgroups/device-list.ts';
export { assembleDeviceProgram, deviceRuleBlock } from '#parts/cgroups/device-program.ts';
export { parseFlatKeyed, parseNestedKeyed } from '#parts/cgroups/keyed.ts';
export { killAll } from '#parts/cgroups/kill.ts';
export { memoryFiles } from '#parts/cgroups/memory.ts';
export { cleanPath, planPaths } from '#parts/cgroups/paths.ts';
