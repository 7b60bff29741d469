/**
 * Which devices a container may open or make.
 *
 * v1: devices.deny "a" empties the list inherited from the parent, then devices.allow adds line by
 * line. v2: a BPF program. The rules end in the defaults, so that no configuration takes
 * /dev/null away. Spec: config-linux.md "Allowed Device list".
 */
import { foldDeviceRules } from '#parts/cgroups/device-list.ts';
import { assembleDeviceProgram } from '#parts/cgroups/device-program.ts';
import type { LinuxDeviceCgroup } from '../../oci/index.ts';
import type { CgroupHost } from '../host.ts';
import type { CgroupWrite } from '../write.ts';
import { DEFAULT_DEVICE_RULES, formatRule, parseDeviceRules } from './device-rules.ts';
import type { DeviceStep } from './device-rules.ts';
import { RESOURCES, requireController } from './setting.ts';

const POINTER = `${RESOURCES}/devices`;

/**
 * The rules and the defaults after them. Pure; errors as in `planResources`. Having no device
 * controller is an error even without rules: a container could open every disk.
 */
export function planDevices(
  host: CgroupHost,
  rules: readonly LinuxDeviceCgroup[] = [],
): CgroupWrite[] {
  const at = requireController(host, POINTER, 'devices');
  const steps = [...parseDeviceRules(rules), ...parseDeviceRules(DEFAULT_DEVICE_RULES, 'defaults')];
  return at.version === 1 ? versionOne(steps) : [versionTwo(steps)];
}

function versionOne(steps: readonly DeviceStep[]): CgroupWrite[] {
  const { allow, exceptions } = foldDeviceRules(steps);
  const at = { controller: 'devices', version: 1 } as const;
  const everything = { ...at, file: `devices.${allow ? 'allow' : 'deny'}`, value: 'a' };
  const file = `devices.${allow ? 'deny' : 'allow'}`;
  return [
    { ...everything, source: POINTER },
    ...exceptions.map((rule) => ({ ...at, file, value: formatRule(rule), source: rule.source })),
  ];
}

function versionTwo(steps: readonly DeviceStep[]): CgroupWrite {
  const lines = steps.map((step) =>
    'reset' in step
      ? `${step.reset ? 'allow' : 'deny'} a`
      : `${step.allow ? 'allow' : 'deny'} ${formatRule(step)}`,
  );
  return {
    controller: 'devices',
    version: 2,
    file: 'BPF_CGROUP_DEVICE',
    value: lines.join('\n'),
    source: POINTER,
    program: assembleDeviceProgram(steps),
  };
}
