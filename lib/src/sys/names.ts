/** Numbers as the names of the manual: flags, commands, modes and devices, as strace(1) shows them. */
import * as mountFlags from './constants/mount.ts';
import * as openFlags from './constants/open.ts';
import { directoryFlag, noFollowFlag, O_PATH } from './constants/open.ts';
import * as processConstants from './constants/process.ts';

type Names = readonly (readonly [name: string, value: number])[];

/** Named bits or values: `[name, value]`. Looked up at the first use: most programs are only run. */
export type NameTable = () => Names;

/** The constants of one file whose names match, such as all that begin with `MS_`. */
export function named(constants: object, pattern: RegExp): NameTable {
  return once(() =>
    Object.entries(constants).filter(
      (entry): entry is [string, number] => pattern.test(entry[0]) && typeof entry[1] === 'number',
    ),
  );
}

/** The names of several tables. */
export function joined(...tables: readonly NameTable[]): NameTable {
  return once(() => tables.flatMap((table) => table()));
}

function once(look: () => Names): NameTable {
  let names: Names | undefined;
  return () => (names ??= look());
}

/** Kill signals; `SIG_SETMASK` and its like are no signals. */
export const SIGNALS = named(processConstants, /^SIG[A-Z0-9]+$/);

/** Two bits of open(2)'s flags differ between machines: {@link directoryFlag}. */
const OPEN_FLAGS = joined(named(openFlags, /^O_/), () => [
  ['O_DIRECTORY', directoryFlag(process.arch)],
  ['O_NOFOLLOW', noFollowFlag(process.arch)],
]);
const ACCESS_MODES = once(() => OPEN_FLAGS().filter(([, value]) => value < 3));
const MODIFIERS = once(() => OPEN_FLAGS().filter(([, value]) => value >= 3));
const MOUNT_FLAGS = named(mountFlags, /^MS_/);
const MOUNT_ATTRIBUTES = named(mountFlags, /^MOUNT_ATTR_/);
const RESOLVE = named(openFlags, /^RESOLVE_/);
const FILE_TYPES = named(openFlags, /^S_IF(?!MT)/);

/** `MS_BIND|MS_REC` for a value; bits without a name are left in hexadecimal. */
export function flagNames(value: number, table: NameTable): string {
  let rest = value;
  const names: string[] = [];
  for (const [name, bits] of table()) {
    if (bits !== 0 && (rest & bits) === bits) {
      names.push(name);
      rest &= ~bits;
    }
  }
  if (rest !== 0) names.push(`0x${(rest >>> 0).toString(16)}`);
  return names.length === 0 ? '0' : names.join('|');
}

/** The one name of a value, or the value. */
export function valueName(value: number, table: NameTable): string {
  return table().find(([, candidate]) => candidate === value)?.[0] ?? String(value);
}

/** The flags of `openat2` and `openat`: `O_WRONLY|O_CLOEXEC`. */
export function openFlagNames(value: number): string {
  const access = value & 3;
  const modifiers = flagNames(value & ~3, MODIFIERS);
  // O_PATH opens for nothing; O_RDONLY, which is 0, would only mislead.
  if (access === 0 && (value & O_PATH) !== 0) return modifiers;
  const first = valueName(access, ACCESS_MODES);
  return modifiers === '0' ? first : `${first}|${modifiers}`;
}

/** The attributes of mount_setattr(2) and fsmount(2). */
export function mountAttributeNames(value: number): string {
  return flagNames(value, MOUNT_ATTRIBUTES);
}

/** The MS_ flags of mount(2); the propagation types of mount_setattr(2) are among them. */
export function mountFlagNames(value: number): string {
  return flagNames(value, MOUNT_FLAGS);
}

/** The RESOLVE_ flags of openat2(2). */
export function resolveNames(value: number): string {
  return flagNames(value, RESOLVE);
}

/** The type and permissions of mknod(2): `S_IFCHR|0666`. */
export function modeNames(value: number): string {
  const type = value & openFlags.S_IFMT;
  const permissions = `0${(value & ~openFlags.S_IFMT).toString(8)}`;
  return type === 0 ? permissions : `${valueName(type, FILE_TYPES)}|${permissions}`;
}

/** makedev(3): `makedev(1, 3)` for /dev/null. */
export function deviceName(value: bigint): string {
  const major = ((value >> 8n) & 0xfffn) | ((value >> 32n) & ~0xfffn);
  const minor = (value & 0xffn) | ((value >> 12n) & 0xffffff00n);
  return `makedev(${major}, ${minor})`;
}
