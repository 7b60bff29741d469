/** Layer 01: namespaces. Plans are pure; programs are data; files and maps are the parent's part. */
export { appendBecomeRoot } from './become-root.ts';
export {
  appendJoinCgroups,
  appendOpenCgroups,
  NO_CGROUPS,
  type CgroupPlaces,
  type OpenCgroups,
} from './cgroups.ts';
export { foreignNamespaces, forksToEnter, type EnterTarget } from './enter.ts';
export { NamespaceError } from './errors.ts';
export { namespaceId, openNamespace, persistNamespace, releaseNamespace } from './files.ts';
export { ForkFollower } from './follow.ts';
export { kindOf, NAMESPACE_KINDS, type NamespaceKind } from './kinds.ts';
export { writeIdMappings } from './mappings.ts';
export { NOTICE_CGROUP, NOTICE_FORKED, NOTICE_MAPPINGS } from './notices.ts';
export { creates, mustFork, separates, type NamespaceJoin, type NamespacePlan } from './plan.ts';
export type { NamespaceProgramOptions } from './program-options.ts';
export { appendSetns } from './setns.ts';
export { appendTimeOffsets, timeOffsetsText } from './time-offsets.ts';
export { appendUnshare } from './unshare.ts';
// The taught parts: the learner's, where the engine runs on them.
export { appendEnter } from '#parts/namespaces/enter.ts';
export { appendFork } from '#parts/namespaces/fork.ts';
export {
  idMapText,
  planIdMappings,
  type IdMappings,
  type MapStep,
  type MapWriter,
} from '#parts/namespaces/id-mappings.ts';
export { appendJoins } from '#parts/namespaces/join.ts';
export { planNamespaces } from '#parts/namespaces/plan.ts';
export { appendNamespaces } from '#parts/namespaces/program.ts';
export { appendUserNamespace } from '#parts/namespaces/user-namespace.ts';
