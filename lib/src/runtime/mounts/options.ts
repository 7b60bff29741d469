/**
 * The options of an OCI mount (config.md, "Mounts"; mount(8)), sorted by who takes them.
 */
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

const NONE: AttributeChange = { set: 0, clear: 0 };

/** What each option changes; with `r` before it (but for the last two) it is the recursive form. */
const ATTRIBUTES: Readonly<Record<string, AttributeChange>> = {
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

const PROPAGATION: Readonly<Record<string, number>> = {
  private: MS_PRIVATE,
  shared: MS_SHARED,
  slave: MS_SLAVE,
  unbindable: MS_UNBINDABLE,
};

/** Options of mount(8) that set a flag of the superblock, under fsconfig(2)'s name. */
const SUPERBLOCK = new Set(['sync', 'dirsync', 'lazytime', 'mand']);

/** Options that ask for what is so already. */
const DEFAULTS = new Set(['defaults', 'loud', 'silent', 'noiversion', 'iversion', 'acl', 'noacl']);

/** Options that take an earlier one back. */
const UNDOES: Readonly<Record<string, string>> = {
  async: 'sync',
  nolazytime: 'lazytime',
  nomand: 'mand',
};

/** All names that are understood as such, for the `features` command. */
export const MOUNT_OPTION_NAMES: readonly string[] = [
  ...Object.keys(ATTRIBUTES),
  ...Object.keys(ATTRIBUTES).map((name) => `r${name}`),
  ...Object.keys(PROPAGATION),
  ...Object.keys(PROPAGATION).map((name) => `r${name}`),
  ...SUPERBLOCK,
  ...DEFAULTS,
  ...Object.keys(UNDOES),
  'bind',
  'rbind',
  'tmpcopyup',
  'idmap',
  'ridmap',
  'remount',
].toSorted();

/** Sorts the options of one mount. Pure; an option that is not known is the filesystem's own. */
export function parseMountOptions(options: readonly string[], type?: string): MountOptions {
  let bind: MountOptions['bind'] = type === 'bind' ? 'bind' : undefined;
  let idmap: MountOptions['idmap'];
  let attributes = NONE;
  let recursive = NONE;
  let copyUp = false;
  const propagation: { type: number; recursive: boolean }[] = [];
  const parameters: FilesystemParameter[] = [];
  for (const option of options) {
    const own = ATTRIBUTES[option];
    const below = option.startsWith('r') ? ATTRIBUTES[option.slice(1)] : undefined;
    const spread = propagationOf(option);
    if (own !== undefined) attributes = combine(attributes, own);
    else if (below !== undefined) recursive = combine(recursive, below);
    else if (spread !== undefined) propagation.push(spread);
    else if (option === 'bind' || option === 'rbind') bind = option;
    else if (option === 'idmap' || option === 'ridmap') idmap = option;
    else if (option === 'tmpcopyup') copyUp = true;
    else if (SUPERBLOCK.has(option)) parameters.push({ key: option });
    else if (UNDOES[option] !== undefined) remove(parameters, UNDOES[option]);
    else if (!DEFAULTS.has(option) && option !== 'remount') parameters.push(parseParameter(option));
  }
  return { bind, attributes, recursive, propagation, parameters, copyUp, idmap };
}

function remove(parameters: FilesystemParameter[], key: string): void {
  const index = parameters.findLastIndex((parameter) => parameter.key === key);
  if (index >= 0) parameters.splice(index, 1);
}

/** The later option wins where two contradict each other. */
function combine(earlier: AttributeChange, later: AttributeChange): AttributeChange {
  const cleared = earlier.set & ~later.clear;
  return { set: cleared | later.set, clear: (earlier.clear & ~later.set) | later.clear };
}

function propagationOf(option: string): { type: number; recursive: boolean } | undefined {
  const own = PROPAGATION[option];
  if (own !== undefined) return { type: own, recursive: false };
  const below = option.startsWith('r') ? PROPAGATION[option.slice(1)] : undefined;
  return below === undefined ? undefined : { type: below, recursive: true };
}

/** `size=64m` → a key and a value; `noswap` → a flag. */
function parseParameter(option: string): FilesystemParameter {
  const equals = option.indexOf('=');
  if (equals < 0) return { key: option };
  return { key: option.slice(0, equals), value: option.slice(equals + 1) };
}
