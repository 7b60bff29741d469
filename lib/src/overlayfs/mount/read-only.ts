import { isReadOnly, MOUNT_ATTR_RDONLY } from '../../sys/index.ts';
import { OverlayError } from '../errors.ts';
import type { OverlayMount } from '../plan/plan.ts';

/**
 * Where the kernel cannot use the work directory, it says so in its log, mounts the overlay
 * read-only, and reports success. Whoever asked for a writable overlay would learn it from the
 * first write; here it is an error, after `undo`.
 */
export function refuseReadOnly(plan: OverlayMount, mounted: string, undo: () => void): void {
  const { upper, work } = plan.spec;
  if (upper === undefined || work === undefined) return;
  if ((plan.attributes & MOUNT_ATTR_RDONLY) !== 0 || !isReadOnly(mounted)) return;
  undo();
  throw new OverlayError(
    'OVERLAY_UPPER_REFUSED',
    `the kernel could make the overlay only read-only: it cannot write to workdir ${work} (a full ` +
      'or read-only filesystem, no rights, or a user who has no number there)',
    { path: work, option: 'workdir' },
  );
}
