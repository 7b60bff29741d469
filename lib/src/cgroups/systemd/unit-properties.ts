/**
 * Everything that systemd is told of a container's unit when it starts it. Pure.
 *
 * Accounting is always on, as all controllers are with cgroupfs: a process's memory is not charged
 * to a controller that comes later. `Delegate` keeps systemd out of what is below the unit. Without
 * default dependencies the unit outlives the services that engines are, at shutdown too.
 */
import type { CgroupRequest } from '../manager.ts';
import type { CgroupWrite } from '../write.ts';
import { propertiesOf } from './annotations.ts';
import { planDeviceProperties } from './device-properties.ts';
import { flag, text, type UnitProperty } from './property.ts';
import { translateWrites } from './translate.ts';
import type { UnitPlace } from './unit-place.ts';

/**
 * The properties of the unit, but for the processes that it starts with.
 *
 * @param writes the resources as planned for the unit's directory.
 * Errors: those of the annotations.
 */
export function planUnitProperties(
  place: UnitPlace,
  request: CgroupRequest,
  writes: readonly CgroupWrite[],
  version: number,
): UnitProperty[] {
  const { resources, devices, annotations, id } = request;
  return [
    text('Description', `coracle container ${id}`),
    ...parentOf(place),
    ...ACCOUNTING.map((name) => flag(name, true)),
    flag('DefaultDependencies', false),
    ...oomPolicy(resources.unified?.['memory.oom.group'], version),
    ...(devices === 'skip' ? [] : planDeviceProperties(resources.devices ?? [], version)),
    ...translateWrites(writes, resources, version),
    // Last, so that whoever writes them has the last word.
    ...propertiesOf(annotations),
  ];
}

const ACCOUNTING = ['MemoryAccounting', 'CPUAccounting', 'IOAccounting', 'TasksAccounting'];

/** A slice's parent is in its name; it is only wanted, so that it is there. */
function parentOf({ kind, slice }: UnitPlace): UnitProperty[] {
  return kind === 'slice'
    ? [{ name: 'Wants', signature: 'as', value: [slice] }]
    : [text('Slice', slice), flag('Delegate', true)];
}

/**
 * Scopes have had it since 253, and only from the start. An older systemd writes `memory.oom.group`
 * as 0 at its next daemon-reload, whatever we have written.
 */
function oomPolicy(group: string | undefined, version: number): UnitProperty[] {
  const policy = { '0': 'continue', '1': 'kill' }[group?.trim() ?? ''];
  return policy === undefined || version < 253 ? [] : [text('OOMPolicy', policy)];
}

/** The processes that a scope starts with. */
export function processes(pid: number): UnitProperty {
  return { name: 'PIDs', signature: 'au', value: [pid] };
}
