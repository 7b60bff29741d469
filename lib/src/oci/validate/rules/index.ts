/** Every rule, in the order of the specification. */
import { deviceRules } from './devices.ts';
import { documentRules } from './document.ts';
import { hookRules } from './hooks.ts';
import { mappingRules } from './mappings.ts';
import { mountRules } from './mounts.ts';
import { namespaceRules } from './namespaces.ts';
import { policyRules } from './policies.ts';
import { processRules } from './process.ts';
import { resourceRules } from './resources.ts';
import type { Rule } from './rule.ts';
import { schedulingRules } from './scheduling.ts';
import { seccompRules } from './seccomp.ts';
import { sysctlRules } from './sysctl.ts';

export const RULES: readonly Rule[] = [
  ...documentRules,
  ...mountRules,
  ...processRules,
  ...schedulingRules,
  ...hookRules,
  ...namespaceRules,
  ...mappingRules,
  ...deviceRules,
  ...resourceRules,
  ...policyRules,
  ...sysctlRules,
  ...seccompRules,
];
