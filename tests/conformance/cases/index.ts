// All cases, in the order of the specification.

import type { Case } from '../harness/case.ts';
import { blkioCases } from './cgroups/blkio.ts';
import { cpuCases } from './cgroups/cpu.ts';
import { memoryCases } from './cgroups/memory.ts';
import { pathsCases } from './cgroups/paths.ts';
import { pidsCases } from './cgroups/pids.ts';
import { versionTwoCases } from './cgroups/version-two.ts';
import { execCases } from './commands/exec.ts';
import { freezerCases } from './commands/freezer.ts';
import { generalCases } from './commands/general.ts';
import { lookingCases } from './commands/looking.ts';
import { updateCases } from './commands/update.ts';
import { devicesCases } from './devices.ts';
import { featuresCases } from './features.ts';
import { failuresCases } from './hooks/failures.ts';
import { inputCases } from './hooks/input.ts';
import { whenCases } from './hooks/when.ts';
import { whereCases } from './hooks/where.ts';
import { createCases } from './lifecycle/create.ts';
import { deleteCases } from './lifecycle/delete.ts';
import { killCases } from './lifecycle/kill.ts';
import { scopeCases } from './lifecycle/scope.ts';
import { startCases } from './lifecycle/start.ts';
import { stateCases } from './lifecycle/state.ts';
import { bindsCases } from './mounts/binds.ts';
import { filesystemsCases } from './mounts/filesystems.ts';
import { idmappedCases } from './mounts/idmapped.ts';
import { optionsCases } from './mounts/options.ts';
import { orderCases } from './mounts/order.ts';
import { propagationCases } from './mounts/propagation.ts';
import { recursiveCases } from './mounts/recursive.ts';
import { rootCases } from './mounts/root.ts';
import { kindsCases } from './namespaces/kinds.ts';
import { namesCases } from './namespaces/names.ts';
import { netDevicesCases } from './namespaces/net-devices.ts';
import { timeCases } from './namespaces/time.ts';
import { usersCases } from './namespaces/users.ts';
import { affinityCases } from './process/affinity.ts';
import { argsCases } from './process/args.ts';
import { capabilitiesCases } from './process/capabilities.ts';
import { environmentCases } from './process/environment.ts';
import { privilegesCases } from './process/privileges.ts';
import { rlimitsCases } from './process/rlimits.ts';
import { schedulerCases } from './process/scheduler.ts';
import { terminalCases } from './process/terminal.ts';
import { userCases } from './process/user.ts';
import { maskedCases } from './protection/masked.ts';
import { platformCases } from './protection/platform.ts';
import { rootfsPropagationCases } from './protection/rootfs-propagation.ts';
import { sysctlCases } from './protection/sysctl.ts';
import { actionsCases } from './seccomp/actions.ts';
import { notifyCases } from './seccomp/notify.ts';
import { operatorsCases } from './seccomp/operators.ts';
import { settingsCases } from './seccomp/settings.ts';

export const allCases: readonly Case[] = [
  ...createCases,
  ...stateCases,
  ...startCases,
  ...killCases,
  ...deleteCases,
  ...scopeCases,
  ...argsCases,
  ...environmentCases,
  ...userCases,
  ...rlimitsCases,
  ...capabilitiesCases,
  ...privilegesCases,
  ...schedulerCases,
  ...affinityCases,
  ...terminalCases,
  ...rootCases,
  ...bindsCases,
  ...orderCases,
  ...filesystemsCases,
  ...idmappedCases,
  ...optionsCases,
  ...recursiveCases,
  ...propagationCases,
  ...kindsCases,
  ...namesCases,
  ...usersCases,
  ...timeCases,
  ...netDevicesCases,
  ...devicesCases,
  ...pathsCases,
  ...memoryCases,
  ...cpuCases,
  ...pidsCases,
  ...versionTwoCases,
  ...blkioCases,
  ...maskedCases,
  ...sysctlCases,
  ...rootfsPropagationCases,
  ...platformCases,
  ...actionsCases,
  ...operatorsCases,
  ...settingsCases,
  ...notifyCases,
  ...whereCases,
  ...whenCases,
  ...inputCases,
  ...failuresCases,
  ...featuresCases,
  ...execCases,
  ...freezerCases,
  ...updateCases,
  ...lookingCases,
  ...generalCases,
];
