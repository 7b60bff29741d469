/** Layer 02: control groups. Plans are pure, one `apply` carries them out. */
export { applyWrites } from './apply.ts';
export { Cgroup, createCgroup, openCgroup } from './cgroup.ts';
export { blkioWeightToIoWeight } from './controllers/io.ts';
export { sharesToWeight } from './controllers/cpu.ts';
export { assembleDeviceProgram } from './controllers/device-program.ts';
export { explainDeviceProgram } from './controllers/device-explain.ts';
export { openManager, planCgroup } from './drivers.ts';
export type { CgroupDriver } from './drivers.ts';
export { DEFAULT_DEVICE_RULES, parseDeviceRules } from './controllers/device-rules.ts';
export type { DeviceRule, DeviceStep } from './controllers/device-rules.ts';
export type { CreateOptions } from './create.ts';
export { countDevicePrograms } from './device-attach.ts';
export { delegateCgroup } from './delegate.ts';
export { CgroupError } from './errors.ts';
export type { CgroupErrorDetails } from './errors.ts';
export { oomKills, watchOom } from './events.ts';
export type { Watcher } from './events.ts';
export { detectHost, readHost } from './host.ts';
export type { CgroupHost, Hierarchy, HostTexts } from './host.ts';
export type { CgroupManager, CgroupRequest, SavedCgroup, SystemdUnit } from './manager.ts';
export { planPaths } from './paths.ts';
export type { CgroupPaths } from './paths.ts';
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
