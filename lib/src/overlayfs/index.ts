export { OverlayError, type OverlayErrorCode, type OverlayErrorDetails } from './errors.ts';
export { commonParent, planClassic } from '#parts/overlayfs/classic.ts';
export { escapePath, splitEscaped, unescapePath } from '#parts/overlayfs/escape.ts';
export { mergeName, type LayerEntry } from '#parts/overlayfs/merge.ts';
export { ociEntries } from '#parts/overlayfs/oci-entries.ts';
export { readOciName, whiteoutPath } from '#parts/overlayfs/oci-names.ts';
export { directoryChange, upperChanges, type UpperEntry } from '#parts/overlayfs/upper.ts';
export { joinOptions, type ClassicMount } from './plan/classic.ts';
export { parseOverlayOptions } from './plan/parse.ts';
export { planOverlay, type OverlayMount, type OverlayParameter } from './plan/plan.ts';
export { MAX_LOWER_LAYERS, type OverlaySpec } from './plan/spec.ts';
export { mountOverlay, openOverlay, type MountOptions } from './mount/mount.ts';
export { openIdmapped } from './mount/idmap.ts';
export { openUserNamespace } from './mount/user-namespace.ts';
export { appendOverlay } from './mount/program.ts';
export { unmount, unmountAll } from './mount/unmount.ts';
export { applyWhiteout, convertLayer, type LayerForm } from './layers/apply.ts';
export { HardLinks, imageAttributes, putChange, type Change } from './layers/change.ts';
export { directoryChanges } from './layers/directory-changes.ts';
export { markPrefix, makeOpaque, makeWhiteout, type MarkPrefix } from './layers/marks.ts';
export { decodeName, encodePath, listNames } from './layers/names.ts';
export { OPAQUE_WHITEOUT, WHITEOUT_PREFIX, type OciEntry, type OciName } from './layers/oci.ts';
export { overlayChanges } from './layers/overlay-changes.ts';
export { upperEntries, type OverlayLayers } from './layers/upper.ts';
export { copyMetadata, copyTree } from './snapshots/copy.ts';
export type { Layer, SnapshotDriver } from './snapshots/driver.ts';
export { SnapshotError, type SnapshotErrorCode } from './snapshots/errors.ts';
export { GID_MAPPING_LABEL, UID_MAPPING_LABEL } from './snapshots/id-labels.ts';
export { mountSnapshot } from './snapshots/mount-snapshot.ts';
export { nativeDriver } from './snapshots/native-driver.ts';
export { openSnapshotter, type OpenedSnapshotter, type OpenOptions } from './snapshots/open.ts';
export { overlayDriver, type OverlayDriverOptions } from './snapshots/overlay-driver.ts';
export { probeOverlay, type OverlaySupport } from './snapshots/probe.ts';
export type { SnapshotRecord } from './snapshots/records.ts';
export { createSnapshotter } from './snapshots/snapshotter.ts';
export type { StoreOptions } from './snapshots/store.ts';
export type {
  CommitOptions,
  Labels,
  SnapshotInfo,
  SnapshotKind,
  SnapshotMount,
  SnapshotOptions,
  Snapshotter,
  SnapshotUsage,
} from './snapshots/types.ts';
