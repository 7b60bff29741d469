export { OverlayError, type OverlayErrorCode, type OverlayErrorDetails } from './errors.ts';
export { commonParent, type ClassicMount } from './plan/classic.ts';
export { escapePath, splitEscaped, unescapePath } from './plan/escape.ts';
export { parseOverlayOptions } from './plan/parse.ts';
export { planOverlay, type OverlayMount, type OverlayParameter } from './plan/plan.ts';
export { MAX_LOWER_LAYERS, type OverlaySpec } from './plan/spec.ts';
export { mountOverlay, openOverlay, type MountOptions } from './mount/mount.ts';
export { openIdmapped } from './mount/idmap.ts';
export { openUserNamespace } from './mount/user-namespace.ts';
export { appendOverlay } from './mount/program.ts';
export { unmount, unmountAll } from './mount/unmount.ts';
export { applyWhiteout, convertLayer, type LayerForm } from './layers/apply.ts';
export { imageAttributes, type Change } from './layers/change.ts';
export { directoryChanges } from './layers/directory-changes.ts';
export { markPrefix, makeOpaque, makeWhiteout, type MarkPrefix } from './layers/marks.ts';
export { decodeName, encodePath, listNames } from './layers/names.ts';
export {
  ociEntries,
  OPAQUE_WHITEOUT,
  readOciName,
  WHITEOUT_PREFIX,
  type OciEntry,
  type OciName,
} from './layers/oci.ts';
export { overlayChanges, type OverlayLayers } from './layers/overlay-changes.ts';
