/** Layer 04: the OCI runtime. */
export { RuntimeError } from './errors.ts';
export type { CreateOptions, Warn } from './create.ts';
export type { ExecOptions } from './exec.ts';
export { Runtime, type ContainerState } from './runtime.ts';
export { buildContainerProgram } from './program/container.ts';
export { buildExecProgram, type ExecContext } from './program/exec.ts';
export { previewContext } from './preview.ts';
export { type Context, type MountSource } from './context.ts';
export {
  ATTRIBUTE_OPTIONS,
  DEFAULT_OPTIONS,
  MOUNT_OPTION_NAMES,
  PROPAGATION_OPTIONS,
  SUPERBLOCK_OPTIONS,
  UNDOING_OPTIONS,
  type AttributeChange,
  type MountOptions,
} from './mounts/options.ts';
export { appendCapset, type CapabilitySets } from './program/capset.ts';
export {
  appendExecute,
  appendNoNewPrivileges,
  appendReady,
  appendSeccomp,
  appendWorkingDirectory,
  type Reply,
} from './program/execute.ts';
export type { LaunchOptions } from './program/launch-options.ts';
export { ROOTFS_PROPAGATION } from './program/propagation.ts';
export {
  compileSeccomp,
  SeccompError,
  type CompiledSeccomp,
  type CompileSeccompOptions,
} from './seccomp/index.ts';
export type { Observed, ProcessInfo } from './state/observed.ts';
export type { ContainerRecord } from './state/store.ts';
export { NetDeviceError, type NetworkNamespace } from './netdevices/index.ts';
// The taught parts: the learner's, where the engine runs on them.
export {
  appendBoundingSet,
  appendCapabilities,
  capabilityMask,
} from '#parts/runtime/capabilities.ts';
export { appendLaunch } from '#parts/runtime/launch.ts';
export { appendMaskedPaths, appendReadonlyPaths } from '#parts/runtime/masks.ts';
export { combineAttributes, parseMountOptions } from '#parts/runtime/mount-options.ts';
export { appendPivotRoot, appendRootMount, hostPropagation } from '#parts/runtime/root.ts';
export { containerStatus, isInitAlive, parseProcess } from '#parts/runtime/status.ts';
export { appendUser } from '#parts/runtime/user.ts';
