export { CAPABILITY_NAMES } from './capabilities.ts';
export type { CapabilityName } from './capabilities.ts';
export type { RuntimeConfig, Root } from './config.ts';
export { defaultSpec } from './default-spec.ts';
export type { DefaultSpecOptions, RootlessOwner } from './default-spec.ts';
export { DEVICE_RULE_TYPES, DEVICE_TYPES } from './devices.ts';
export type {
  LinuxDevice,
  LinuxDeviceCgroup,
  LinuxDeviceRuleType,
  LinuxDeviceType,
} from './devices.ts';
export type { Features, LinuxFeatures, SeccompFeatures } from './features.ts';
export { DIGEST_ALGORITHMS, DigestError, isDigest, parseDigest, splitDigest } from './digest.ts';
export type { Digest, DigestAlgorithm } from './digest.ts';
export { HOOK_NAMES } from './hooks.ts';
export type { Hook, HookName, Hooks } from './hooks.ts';
export type { ImageConfig, ImageHistory, ImageProcess } from './image/config.ts';
export { ANNOTATION_IMAGE_NAME, ANNOTATION_REF_NAME } from './image/descriptor.ts';
export type { ImageDescriptor } from './image/descriptor.ts';
export type { ImageIndex, ImageManifest } from './image/manifest.ts';
export {
  INDEX_MEDIA_TYPES,
  isForeignLayer,
  layerCompression,
  MANIFEST_MEDIA_TYPES,
  MEDIA_TYPE,
  SCHEMA_1_MEDIA_TYPES,
} from './image/media-types.ts';
export type { Compression } from './image/media-types.ts';
export type { Platform } from './image/platform.ts';
export { RLIM_INFINITY } from './integers.ts';
export type { Int64 } from './integers.ts';
export { parseExactJson, stringifyExactJson } from './json.ts';
export { PERSONALITY_DOMAINS, ROOTFS_PROPAGATIONS } from './linux.ts';
export type {
  Linux,
  LinuxIntelRdt,
  LinuxNetDevice,
  LinuxNetDevices,
  LinuxPersonality,
  PersonalityDomain,
  RootfsPropagation,
} from './linux.ts';
export { MEMORY_POLICY_FLAGS, MEMORY_POLICY_MODES } from './memory-policy.ts';
export type { LinuxMemoryPolicy, MemoryPolicyFlag, MemoryPolicyMode } from './memory-policy.ts';
export type { LinuxIdMapping, Mount } from './mount.ts';
export { NAMESPACE_TYPES, TIME_NAMESPACE_CLOCKS } from './namespaces.ts';
export type {
  LinuxNamespace,
  LinuxNamespaceType,
  LinuxTimeOffset,
  LinuxTimeOffsets,
  TimeNamespaceClock,
} from './namespaces.ts';
export { parseNumberList } from './number-list.ts';
export type { NumberRange } from './number-list.ts';
export { RLIMIT_TYPES } from './process.ts';
export type {
  ConsoleSize,
  ExecCPUAffinity,
  LinuxCapabilities,
  PosixRlimit,
  Process,
  RlimitType,
  User,
} from './process.ts';
export type {
  LinuxBlockIO,
  LinuxBlockIODevice,
  LinuxCpu,
  LinuxHugepageLimit,
  LinuxInterfacePriority,
  LinuxMemory,
  LinuxNetwork,
  LinuxPids,
  LinuxRdma,
  LinuxResources,
  LinuxThrottleDevice,
  LinuxWeightDevice,
} from './resources.ts';
export { IO_PRIORITY_CLASSES, SCHEDULER_FLAGS, SCHEDULER_POLICIES } from './scheduling.ts';
export type {
  IOPriority,
  IOPriorityClass,
  Scheduler,
  SchedulerFlag,
  SchedulerPolicy,
} from './scheduling.ts';
export {
  SECCOMP_ACTIONS,
  SECCOMP_ARCHITECTURES,
  SECCOMP_FLAGS,
  SECCOMP_OPERATORS,
} from './seccomp.ts';
export type {
  LinuxSeccomp,
  LinuxSeccompArg,
  LinuxSyscall,
  SeccompAction,
  SeccompArchitecture,
  SeccompFlag,
  SeccompOperator,
} from './seccomp.ts';
export { CONTAINER_STATUSES, SECCOMP_FD_NAME } from './state.ts';
export type { ContainerProcessState, ContainerStatus, State } from './state.ts';
export { sysctlFile } from './sysctl.ts';
export { ConfigError } from './validate/config-error.ts';
export { MAX_DOCUMENT_SIZE, parseImageConfig, parseManifest } from './validate/image.ts';
export type { ManifestOrIndex } from './validate/image.ts';
export { parseConfig, parseProcess, parseResources } from './validate/parse.ts';
export type { ParseOptions } from './validate/parse.ts';
export { describeProblem } from './validate/problem.ts';
export type { Validation, ValidationError } from './validate/problem.ts';
export { validateConfig, validateProcess, validateResources } from './validate/validate.ts';
export { OCI_VERSION, OCI_VERSION_MIN } from './version.ts';
