import { OverlayError } from '../errors.ts';

/** What an overlay is made of. All paths are absolute. */
export interface OverlaySpec {
  /** Read-only layers, the topmost first. */
  readonly lower: readonly string[];
  /** Where changes go. Without it the overlay is read-only. */
  readonly upper?: string;
  /** An empty directory on the same filesystem as `upper`, for the kernel's own use. */
  readonly work?: string;
  /** Keep whiteouts' and directories' marks in `user.overlay.*` instead of `trusted.overlay.*`. */
  readonly userxattr?: boolean;
  /** `'on'` keeps hard links together over copy-up. Default `'off'`: layers may move about. */
  readonly index?: 'on' | 'off';
  /** `'on'` copies only an inode's metadata up. Default `'off'`: an upper must stand for itself. */
  readonly metacopy?: 'on' | 'off';
  /** Whether a directory of a lower layer can be renamed; the kernel's default if not given. */
  readonly redirectDir?: 'on' | 'off' | 'follow' | 'nofollow';
  /** Inode numbers that are unique over all layers; the kernel's default if not given. */
  readonly xino?: 'on' | 'off' | 'auto';
  /** No syncs at all: fast, and worthless after a crash. */
  readonly volatile?: boolean;
  /** MOUNT_ATTR_ flags of the mount (fsmount(2)), such as MOUNT_ATTR_RDONLY. */
  readonly attributes?: number;
  /**
   * A descriptor of a user namespace: owners in the lower layers are seen through its mapping
   * (mount_setattr(2), MOUNT_ATTR_IDMAP; overlayfs since 5.19). It must stay open until the mount
   * is made. Upper keeps the owners it has: the kernel copies files up as the user who mounted, and
   * that user must exist in upper.
   */
  readonly lowerIdmapFd?: number;
}

/** OVL_MAX_STACK of fs/overlayfs/params.h. */
export const MAX_LOWER_LAYERS = 500;

/**
 * Checks what can be checked without looking at the filesystem.
 *
 * @throws OverlayError OVERLAY_BAD_REQUEST or OVERLAY_TOO_MANY_LAYERS.
 */
export function checkSpec(spec: OverlaySpec): void {
  const { lower, upper, work } = spec;
  for (const path of lower) checkPath(path, 'lowerdir');
  if (upper !== undefined) checkPath(upper, 'upperdir');
  if (work !== undefined) checkPath(work, 'workdir');
  checkCount(spec);
  checkDistinct(spec);
  if (spec.userxattr === true && (spec.metacopy === 'on' || spec.redirectDir === 'on')) {
    const option = spec.metacopy === 'on' ? 'metacopy' : 'redirect_dir';
    throw badRequest(
      option,
      `overlayfs keeps no ${option}=on marks in user.overlay.*: leave userxattr or ${option} out`,
    );
  }
}

function checkPath(path: string, option: string): void {
  if (path.startsWith('/') && !path.includes('\0')) return;
  throw badRequest(
    option,
    `${option} must be an absolute path without NUL, not ${JSON.stringify(path)}: resolve it first`,
    path,
  );
}

function checkCount({ lower, upper, work }: OverlaySpec): void {
  if (lower.length > MAX_LOWER_LAYERS) {
    throw new OverlayError(
      'OVERLAY_TOO_MANY_LAYERS',
      `${lower.length} lower layers are more than the kernel's ${MAX_LOWER_LAYERS} ` +
        '(OVL_MAX_STACK): squash some of them into one',
      { option: 'lowerdir' },
    );
  }
  if (lower.length === 0) {
    throw badRequest('lowerdir', 'an overlay needs a lower layer: bind mount upper instead');
  }
  if ((upper === undefined) !== (work === undefined)) {
    const [has, lacks] = upper === undefined ? ['workdir', 'upperdir'] : ['upperdir', 'workdir'];
    throw badRequest(lacks, `${has} without ${lacks}: give both, or none for a read-only overlay`);
  }
  if (upper === undefined && lower.length === 1) {
    const advice = 'bind mount it read-only, or add an upper directory';
    throw badRequest('lowerdir', `one lower layer alone is no overlay: ${advice}`, lower[0]);
  }
}

/** The kernel answers these with ELOOP ("overlapping layers"), which says little. */
function checkDistinct({ lower, upper, work }: OverlaySpec): void {
  const seen = new Set<string>();
  for (const path of lower) {
    if (seen.has(path)) throw badRequest('lowerdir', `${path} is a lower layer twice`, path);
    seen.add(path);
  }
  for (const [option, path] of [
    ['upperdir', upper],
    ['workdir', work],
  ] as const) {
    if (path !== undefined && seen.has(path)) {
      const advice = 'give each directory one role';
      throw badRequest(option, `${path} is ${option} and another layer at once: ${advice}`, path);
    }
    if (path !== undefined) seen.add(path);
  }
}

function badRequest(option: string, message: string, path?: string): OverlayError {
  return new OverlayError('OVERLAY_BAD_REQUEST', message, {
    option,
    ...(path !== undefined && { path }),
  });
}
