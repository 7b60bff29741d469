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
  MOUNT_OPTION_NAMES,
  parseMountOptions,
  type AttributeChange,
  type MountOptions,
} from './mounts/options.ts';
export {
  compileSeccomp,
  SeccompError,
  type CompiledSeccomp,
  type CompileSeccompOptions,
} from './seccomp/index.ts';
export { NetDeviceError, type NetworkNamespace } from './netdevices/index.ts';
