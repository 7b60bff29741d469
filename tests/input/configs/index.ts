/** The wrong configs, in the order of the specification. Their messages: ../golden/configs.txt. */
import type { WrongConfig } from '../wrong-config.ts';
import { documents, hooks, mounts } from './document.ts';
import { linux } from './linux.ts';
import { processes } from './process.ts';
import { resources, sysctls } from './resources.ts';
import { seccomp } from './seccomp.ts';

export const WRONG_CONFIGS: readonly WrongConfig[] = [
  ...documents,
  ...mounts,
  ...processes,
  ...hooks,
  ...linux,
  ...resources,
  ...sysctls,
  ...seccomp,
];
