/** An overlay as operations of a container's program. */
import {
  createMount,
  type OperationOptions,
  type Result,
  type SyscallProgram,
} from '../../sys/index.ts';
import { OverlayError } from '../errors.ts';
import type { OverlayMount } from '../plan/plan.ts';

/**
 * Appends the making of a detached overlay mount; `attachMount` puts it somewhere. The layers'
 * paths are resolved when the program runs, so before it leaves the host's root. The kernel must
 * have `lowerdir+` (Linux 6.7); `openOverlay` works on older ones too.
 *
 * @returns the mount's descriptor in the program.
 * @throws OverlayError for what a program cannot say: a path over 255 bytes, or an idmapping. Make
 *   such a mount with `openOverlay` and keep its descriptor for the program.
 */
export function appendOverlay(
  program: SyscallProgram,
  plan: OverlayMount,
  options: OperationOptions = {},
): Result {
  const long = plan.parameters.find(({ value = '' }) => Buffer.byteLength(value) > 255);
  if (long !== undefined || plan.spec.lowerIdmapFd !== undefined) {
    const what = long === undefined ? 'an idmapped layer' : `the path ${long.layer ?? long.key}`;
    throw new OverlayError(
      'OVERLAY_TOO_LONG',
      `${what} cannot be a text parameter of fsconfig(2): make the mount with openOverlay and ` +
        'give its descriptor to the program',
      { option: long?.key ?? 'lowerdir' },
    );
  }
  return createMount(program, 'overlay', plan.parameters, plan.attributes, options);
}
