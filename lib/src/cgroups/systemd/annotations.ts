/**
 * Further properties of the unit, from annotations of config.json, as runc takes them:
 *
 *     "org.systemd.property.CollectMode": "'inactive-or-failed'"
 *     "org.systemd.property.TimeoutStopSec": "30"     (a name in Sec becomes one in USec)
 *
 * systemd decides which names and values it takes. Pure.
 */
import type { DBusVariant } from '../../sys/index.ts';
import { CgroupError } from '../errors.ts';
import { parseGVariant } from './gvariant.ts';
import type { UnitProperty } from './property.ts';

export const PROPERTY_ANNOTATION = 'org.systemd.property.';

/** Errors: `CGROUP_INVALID` with the annotation's JSON pointer. */
export function propertiesOf(annotations: Readonly<Record<string, string>>): UnitProperty[] {
  return Object.entries(annotations).flatMap(([key, text]) => {
    if (!key.startsWith(PROPERTY_ANNOTATION)) return [];
    return [propertyOf(key, key.slice(PROPERTY_ANNOTATION.length), text)];
  });
}

function propertyOf(key: string, name: string, text: string): UnitProperty {
  if (!/^[A-Za-z]{3,}$/.test(name)) {
    throw invalid(
      key,
      text,
      `names the property ${JSON.stringify(name)}; give three letters or more`,
    );
  }
  const value = parseGVariant(text);
  if (value === undefined) {
    throw invalid(key, text, "is no GVariant text; write it such as 'text', true, or uint64 5");
  }
  if (!/[a-z]Sec$/.test(name)) return { name, ...value };
  return { name: name.replace(/Sec$/, 'USec'), ...microseconds(key, text, value) };
}

function microseconds(key: string, text: string, { signature, value }: DBusVariant): DBusVariant {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  if (!isNumber || value < 0) throw invalid(key, text, 'is no number of seconds; give one');
  const whole =
    signature === 'd' ? BigInt(Math.trunc(Number(value) * 1e6)) : BigInt(value) * 1_000_000n;
  return { signature: 't', value: whole };
}

function invalid(key: string, value: string, why: string): CgroupError {
  const source = `/annotations/${key}`;
  const message = `${source}: ${JSON.stringify(value)} ${why}`;
  return new CgroupError('CGROUP_INVALID', message, { value, source });
}
