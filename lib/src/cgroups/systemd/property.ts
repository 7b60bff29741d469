/** Properties of systemd units as data: what `systemctl show` lists, org.freedesktop.systemd1(5). */
import type { DBusValue } from '../../sys/index.ts';

/** One property as D-Bus carries it. */
export interface UnitProperty {
  readonly name: string;
  /** D-Bus signature of the value. */
  readonly signature: string;
  readonly value: DBusValue;
}

/** "No limit", where systemd counts in 64 bits. */
export const INFINITY = 0xffff_ffff_ffff_ffffn;

export function text(name: string, value: string): UnitProperty {
  return { name, signature: 's', value };
}

export function flag(name: string, value: boolean): UnitProperty {
  return { name, signature: 'b', value };
}

export function count(name: string, value: bigint): UnitProperty {
  return { name, signature: 't', value };
}

/** Of several with one name the last holds, as with files that are written twice. */
export function lastOfEach(properties: readonly UnitProperty[]): UnitProperty[] {
  return [...new Map(properties.map((property) => [property.name, property])).values()];
}
