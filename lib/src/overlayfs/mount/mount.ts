/**
 * Mounting a planned overlay in this process's own mount namespace.
 *
 * The mount is made detached and attached last, so it is never visible half made, and a failure or
 * a kill before that leaves nothing to unmount. Kernels without `lowerdir+` (before 6.7) get the
 * option string of mount(2).
 */
import {
  describeErrno,
  hasCode,
  moveMount,
  SyscallError,
  type Descriptor,
} from '../../sys/index.ts';
import { OverlayError } from '../errors.ts';
import type { OverlayMount } from '../plan/plan.ts';
import { mountClassic } from './classic.ts';
import { createOverlay, MissingInterface } from './create.ts';
import { openClassic } from './open-classic.ts';
import { refuseSharedUpper } from './in-use.ts';

/** How to mount, where there is a choice. */
export interface MountOptions {
  /** `'new'`: fsconfig(2) only; `'classic'`: mount(2) only; default: what the kernel has. */
  readonly api?: 'auto' | 'new' | 'classic';
}

/**
 * Mounts an overlay on a directory.
 *
 * @throws OverlayError that names the layer or option at fault where that can be found out.
 */
export function mountOverlay(
  plan: OverlayMount,
  target: string,
  { api = 'auto' }: MountOptions = {},
): void {
  refuseSharedUpper(plan.spec);
  if (api === 'classic') {
    mountClassic(plan, target);
    return;
  }
  try {
    using mount = createOverlay(plan);
    attach(mount, target);
  } catch (error) {
    if (!(error instanceof MissingInterface)) throw error;
    if (api === 'new') throw error.asOverlayError();
    mountClassic(plan, target);
  }
}

/**
 * Makes an overlay that is attached nowhere; it lives as long as its descriptor.
 *
 * Hand the descriptor to a container's program, and the mount appears only inside the container.
 * Before Linux 6.7 it is attached for a moment in the directory for temporary files.
 *
 * @throws OverlayError as {@link mountOverlay}.
 */
export function openOverlay(plan: OverlayMount): Descriptor {
  refuseSharedUpper(plan.spec);
  try {
    return createOverlay(plan);
  } catch (error) {
    if (!(error instanceof MissingInterface)) throw error;
    return openClassic(plan);
  }
}

function attach(mount: Descriptor, target: string): void {
  try {
    moveMount(mount.fd, target);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    const advice = hasCode(error, 'ENOENT', 'ENOTDIR') ? ': make that directory first' : '';
    throw new OverlayError(
      'OVERLAY_REFUSED',
      `cannot attach the overlay at ${target}: ${describeErrno(error.errno)}${advice}`,
      { path: target, errno: error.errno, cause: error },
    );
  }
}
