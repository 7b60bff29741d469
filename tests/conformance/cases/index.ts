// All cases, in the order of the specification.

import type { Case } from '../harness/case.ts';
import { cgroupsCases } from './cgroups.ts';
import { commandsCases } from './commands.ts';
import { devicesCases } from './devices.ts';
import { featuresCases } from './features.ts';
import { hooksCases } from './hooks.ts';
import { lifecycleCases } from './lifecycle.ts';
import { linuxProcessCases } from './linux-process.ts';
import { mountOptionsCases } from './mount-options.ts';
import { mountsCases } from './mounts.ts';
import { namespacesCases } from './namespaces.ts';
import { processCases } from './process.ts';
import { protectionCases } from './protection.ts';
import { seccompCases } from './seccomp.ts';
import { terminalCases } from './terminal.ts';

export const allCases: readonly Case[] = [
  ...lifecycleCases,
  ...processCases,
  ...terminalCases,
  ...linuxProcessCases,
  ...mountsCases,
  ...mountOptionsCases,
  ...namespacesCases,
  ...devicesCases,
  ...cgroupsCases,
  ...protectionCases,
  ...seccompCases,
  ...hooksCases,
  ...featuresCases,
  ...commandsCases,
];
