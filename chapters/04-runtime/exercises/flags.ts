/** Bits as names, so that a report can be read. */
import {
  MOUNT_ATTR__ATIME,
  MOUNT_ATTR_NOATIME,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NODIRATIME,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_NOSYMFOLLOW,
  MOUNT_ATTR_RDONLY,
  MOUNT_ATTR_STRICTATIME,
  MS_PRIVATE,
  MS_REC,
  MS_SHARED,
  MS_SLAVE,
  MS_UNBINDABLE,
} from 'coracle/sys';

type Names = readonly (readonly [bits: number, name: string])[];

/** A field of more bits stands before the bits in it. */
const ATTRIBUTES: Names = [
  [MOUNT_ATTR_RDONLY, 'MOUNT_ATTR_RDONLY'],
  [MOUNT_ATTR_NOSUID, 'MOUNT_ATTR_NOSUID'],
  [MOUNT_ATTR_NODEV, 'MOUNT_ATTR_NODEV'],
  [MOUNT_ATTR_NOEXEC, 'MOUNT_ATTR_NOEXEC'],
  [MOUNT_ATTR__ATIME, 'MOUNT_ATTR__ATIME'],
  [MOUNT_ATTR_NOATIME, 'MOUNT_ATTR_NOATIME'],
  [MOUNT_ATTR_STRICTATIME, 'MOUNT_ATTR_STRICTATIME'],
  [MOUNT_ATTR_NODIRATIME, 'MOUNT_ATTR_NODIRATIME'],
  [MOUNT_ATTR_NOSYMFOLLOW, 'MOUNT_ATTR_NOSYMFOLLOW'],
];

const PROPAGATION: Names = [
  [MS_REC, 'MS_REC'],
  [MS_SHARED, 'MS_SHARED'],
  [MS_SLAVE, 'MS_SLAVE'],
  [MS_PRIVATE, 'MS_PRIVATE'],
  [MS_UNBINDABLE, 'MS_UNBINDABLE'],
];

/** `MOUNT_ATTR_RDONLY|MOUNT_ATTR_NOSUID`; `0` for none. */
export function attributeNames(bits: unknown): string {
  return namesOf(bits, ATTRIBUTES);
}

/** `MS_REC|MS_SLAVE`. */
export function propagationNames(bits: unknown): string {
  return namesOf(bits, PROPAGATION);
}

function namesOf(bits: unknown, names: Names): string {
  if (typeof bits !== 'number') return String(bits);
  let left = bits;
  const found: string[] = [];
  for (const [mask, name] of names) {
    if ((left & mask) !== mask) continue;
    found.push(name);
    left &= ~mask;
  }
  if (left !== 0) found.push(`0x${left.toString(16)}`);
  return found.join('|') || '0';
}
