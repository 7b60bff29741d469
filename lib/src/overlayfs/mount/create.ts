/**
 * fsopen → fsconfig for each parameter → create → fsmount, by this process itself.
 *
 * A layer goes in as text. fsconfig(2) takes at most 255 bytes of it, so a longer path is opened
 * and goes in as a descriptor (overlayfs since 6.13), or as the descriptor's name in /proc. A layer
 * behind an idmapped mount has no path at all and is always a descriptor; kernels that take none of
 * a detached mount (before 6.15) get it attached for that moment.
 *
 * Three generations of kernels: overlayfs moved to fsconfig(2) in 6.5 and got `lowerdir+` in 6.7.
 * Which one this is, is asked before anything is tried, since a failed try is a line in the
 * kernel's log.
 */
import {
  AT_FDCWD,
  Descriptor,
  ERRNO,
  fsconfig,
  fsconfigCreate,
  fsmount,
  fsopen,
  hasCode,
  isLegacyContext,
  O_CLOEXEC,
  O_PATH,
  readMountLog,
  syscall,
  SyscallError,
} from '../../sys/index.ts';
import { OverlayError } from '../errors.ts';
import type { OverlayMount, OverlayParameter } from '../plan/plan.ts';
import { explainRefusal } from './explain-refusal.ts';
import { openIdmapped } from './idmap.ts';
import { withAttachedIdmaps } from './idmap-attached.ts';
import { refuseReadOnly } from './read-only.ts';

/** The kernel has no fsopen(2), or its overlayfs no `lowerdir+` (6.7). Never leaves this layer. */
export class MissingInterface extends Error {
  asOverlayError(): OverlayError {
    return new OverlayError(
      'OVERLAY_UNAVAILABLE',
      `${this.message}: mount with mountOverlay, which then uses mount(2), or use Linux 6.7`,
      { cause: this },
    );
  }
}

/** fsconfig(2) copies at most 256 bytes of a string, NUL included. */
const LONGEST_VALUE = 255;

/** Makes the detached mount. */
export function createOverlay(plan: OverlayMount): Descriptor {
  try {
    return create(plan);
  } catch (error) {
    if (plan.spec.lowerIdmapFd === undefined) throw error;
    if (!(error instanceof OverlayError) || error.errno !== ERRNO.EINVAL) throw error;
    return createAttached(plan, error);
  }
}

/** The same with idmapped layers that have paths. If it fails too, that was not the reason. */
function createAttached(plan: OverlayMount, refusal: OverlayError): Descriptor {
  try {
    return withAttachedIdmaps(plan, create);
  } catch {
    throw refusal;
  }
}

function create(plan: OverlayMount): Descriptor {
  using held = new DisposableStack();
  const context = held.use(openContext(plan));
  try {
    const layers = openLayers(plan, held);
    for (const parameter of plan.parameters) setParameter(context.fd, parameter, layers);
    fsconfigCreate(context.fd);
    const mount = fsmount(context.fd, plan.attributes);
    refuseReadOnly(plan, `/proc/self/fd/${mount.fd}`, () => mount.close());
    return mount;
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    const log = readMountLog(context.fd);
    const missing = log.find((line) => line.includes("Unknown parameter 'lowerdir+'"));
    if (missing !== undefined) throw new MissingInterface(missing, { cause: error });
    throw explainRefusal(plan.spec, error, log);
  }
}

function openContext(plan: OverlayMount): Descriptor {
  try {
    const context = fsopen('overlay');
    if (!isLegacyContext(context.fd)) return context;
    context.close();
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    // Container engines' seccomp profiles answer EPERM for calls they do not know; so may we lack
    // the rights. mount(2) tells which.
    if (hasCode(error, 'ENOSYS', 'EPERM')) throw new MissingInterface(error.message);
    throw explainRefusal(plan.spec, error, []);
  }
  throw new MissingInterface('this kernel’s overlayfs knows no fsconfig(2) parameters');
}

/** Layers that must go in as descriptors, by path. */
function openLayers(plan: OverlayMount, held: DisposableStack): ReadonlyMap<string, number> {
  const { lower, lowerIdmapFd } = plan.spec;
  const layers = new Map<string, number>();
  if (lowerIdmapFd !== undefined) {
    for (const layer of lower) layers.set(layer, held.use(openIdmapped(layer, lowerIdmapFd)).fd);
  }
  for (const { value = '', layer } of plan.parameters) {
    if (layer === undefined || layers.has(layer)) continue;
    if (Buffer.byteLength(value) <= LONGEST_VALUE) continue;
    const opened = new Descriptor(syscall('openat', AT_FDCWD, layer, O_PATH | O_CLOEXEC, 0));
    layers.set(layer, held.use(opened).fd);
  }
  return layers;
}

function setParameter(
  context: number,
  { key, value, layer }: OverlayParameter,
  layers: ReadonlyMap<string, number>,
): void {
  const descriptor = layer === undefined ? undefined : layers.get(layer);
  if (descriptor === undefined) {
    fsconfig(context, key, value);
    return;
  }
  try {
    fsconfig(context, key, descriptor);
  } catch (error) {
    if (!hasCode(error, 'EINVAL', 'EBADF')) throw error;
    fsconfig(context, key, `/proc/self/fd/${descriptor}`);
  }
}
