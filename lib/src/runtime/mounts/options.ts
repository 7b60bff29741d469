/** The options of an OCI mount by who takes them (config.md, "Mounts"; mount(8)). */
import {
  MOUNT_ATTR__ATIME,
  MOUNT_ATTR_NOATIME,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NODIRATIME,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_NOSYMFOLLOW,
  MOUNT_ATTR_RDONLY,
  MOUNT_ATTR_RELATIME,
  MOUNT_ATTR_STRICTATIME,
  MS_PRIVATE,
  MS_SHARED,
  MS_SLAVE,
  MS_UNBINDABLE,
  type FilesystemParameter,
} from '../../sys/index.ts';

/** MOUNT_ATTR_ bits to set and to clear. */
export interface AttributeChange {
  readonly set: number;
  readonly clear: number;
}

/** The options of one mount, sorted. */
export interface MountOptions {
  /** `'bind'`, `'rbind'`, or a filesystem of its own. */
  readonly bind: 'bind' | 'rbind' | undefined;
  /** For this mount. */
  readonly attributes: AttributeChange;
  /** For this mount and all below it (`rro`, `rnosuid`, …). */
  readonly recursive: AttributeChange;
  /** In order: MS_ propagation types, each for the mount or with all below it. */
  readonly propagation: readonly { readonly type: number; readonly recursive: boolean }[];
  /** For the filesystem itself. */
  readonly parameters: readonly FilesystemParameter[];
  /** Fill a new tmpfs with what the image has at that place. */
  readonly copyUp: boolean;
  /** Map the ids by the container's user namespace. */
  readonly idmap: 'idmap' | 'ridmap' | undefined;
}

const NAMED_ATTRIBUTES: Readonly<Record<string, AttributeChange>> = {
  ro: { set: MOUNT_ATTR_RDONLY, clear: 0 },
  rw: { set: 0, clear: MOUNT_ATTR_RDONLY },
  nosuid: { set: MOUNT_ATTR_NOSUID, clear: 0 },
  suid: { set: 0, clear: MOUNT_ATTR_NOSUID },
  nodev: { set: MOUNT_ATTR_NODEV, clear: 0 },
  dev: { set: 0, clear: MOUNT_ATTR_NODEV },
  noexec: { set: MOUNT_ATTR_NOEXEC, clear: 0 },
  exec: { set: 0, clear: MOUNT_ATTR_NOEXEC },
  nodiratime: { set: MOUNT_ATTR_NODIRATIME, clear: 0 },
  diratime: { set: 0, clear: MOUNT_ATTR_NODIRATIME },
  nosymfollow: { set: MOUNT_ATTR_NOSYMFOLLOW, clear: 0 },
  symfollow: { set: 0, clear: MOUNT_ATTR_NOSYMFOLLOW },
  // The three atime modes are one field: choosing one clears the others.
  relatime: { set: MOUNT_ATTR_RELATIME, clear: MOUNT_ATTR__ATIME },
  norelatime: { set: 0, clear: MOUNT_ATTR__ATIME },
  noatime: { set: MOUNT_ATTR_NOATIME, clear: MOUNT_ATTR__ATIME },
  atime: { set: 0, clear: MOUNT_ATTR__ATIME },
  strictatime: { set: MOUNT_ATTR_STRICTATIME, clear: MOUNT_ATTR__ATIME },
  nostrictatime: { set: 0, clear: MOUNT_ATTR__ATIME },
};

/** What each option changes; with `r` before it, it is the recursive form. */
export const ATTRIBUTE_OPTIONS: ReadonlyMap<string, AttributeChange> = new Map(
  Object.entries(NAMED_ATTRIBUTES),
);

/** The propagation type that each option asks for; with `r` before it, it is the recursive form. */
export const PROPAGATION_OPTIONS: ReadonlyMap<string, number> = new Map([
  ['private', MS_PRIVATE],
  ['shared', MS_SHARED],
  ['slave', MS_SLAVE],
  ['unbindable', MS_UNBINDABLE],
]);

/** Options of mount(8) that set a flag of the superblock, under fsconfig(2)'s name. */
export const SUPERBLOCK_OPTIONS: ReadonlySet<string> = new Set([
  'sync',
  'dirsync',
  'lazytime',
  'mand',
]);

/** Options that ask for what is so already. */
export const DEFAULT_OPTIONS: ReadonlySet<string> = new Set([
  'defaults',
  'loud',
  'silent',
  'noiversion',
  'iversion',
  'acl',
  'noacl',
]);

/** Options that take an earlier one back: `async` undoes `sync`. */
export const UNDOING_OPTIONS: ReadonlyMap<string, string> = new Map([
  ['async', 'sync'],
  ['nolazytime', 'lazytime'],
  ['nomand', 'mand'],
]);

/** All names that are understood as such, for the `features` command. */
export const MOUNT_OPTION_NAMES: readonly string[] = [
  ...ATTRIBUTE_OPTIONS.keys(),
  ...recursiveForms(ATTRIBUTE_OPTIONS),
  ...PROPAGATION_OPTIONS.keys(),
  ...recursiveForms(PROPAGATION_OPTIONS),
  ...SUPERBLOCK_OPTIONS,
  ...DEFAULT_OPTIONS,
  ...UNDOING_OPTIONS.keys(),
  'bind',
  'rbind',
  'tmpcopyup',
  'idmap',
  'ridmap',
  'remount',
].toSorted();

function recursiveForms(options: ReadonlyMap<string, unknown>): string[] {
  return [...options.keys()].map((name) => `r${name}`);
}
