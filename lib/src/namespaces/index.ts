/** Layer 01: namespaces. Plans are pure; programs are data; files and maps are the parent's part. */
export { appendEnter, foreignNamespaces, forksToEnter } from './enter.ts';
export type { EnterTarget } from './enter.ts';
export { NamespaceError } from './errors.ts';
export { namespaceId, openNamespace, persistNamespace, releaseNamespace } from './files.ts';
export { kindOf, NAMESPACE_KINDS, type NamespaceKind } from './kinds.ts';
export { idMapText, writeIdMappings } from './mappings.ts';
export { creates, planNamespaces, separates, timeOffsetsText, type NamespacePlan } from './plan.ts';
export { ForkFollower } from './follow.ts';
export { NOTICE_CGROUP, NOTICE_FORKED, type CgroupPlaces } from './fork.ts';
export {
  appendNamespaces,
  mustFork,
  NOTICE_MAPPINGS,
  type NamespaceProgramOptions,
} from './program.ts';
