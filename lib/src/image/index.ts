export { exportImages, type ExportOptions } from './archive/export.ts';
export { importImages } from './archive/import.ts';
export type { ImportOptions, ImportProgress } from './archive/receive.ts';
export type { ExportedImage } from './archive/selection.ts';
export { ContentFileError } from './content/errors.ts';
export { ContentStore, openContentStore, type ContentStoreOptions } from './content/store.ts';
export type {
  Collected,
  CollectOptions,
  Content,
  ContentInfo,
  ContentLabels,
  ContentProblem,
  ContentReader,
  ContentWriter,
  Image,
  Images,
  Ingest,
  IngestOptions,
  IngestStatus,
  Lease,
  LeaseInfo,
  LeaseOptions,
  LeaseResource,
  Leases,
} from './content/types.ts';
export { childLabels, childrenOf, isDocument } from './document.ts';
export { ImageError, type ImageErrorCode } from './errors.ts';
export { chainIds } from '#parts/image/chain.ts';
export { placeEntry, splitEntryPath } from '#parts/image/entry-path.ts';
export { readRecords, readTime } from '#parts/image/pax.ts';
export { choosePlatform, normalizePlatform } from '#parts/image/platform.ts';
export { DEFAULT_PATH, planProcess } from '#parts/image/process.ts';
export { readHeader, readNumber } from '#parts/image/tar-header.ts';
export { resolveUser } from '#parts/image/user.ts';
export type { ContainerUser, ProcessOptions, ProcessPlan } from './bundle/process-plan.ts';
export { imageSpec, type SpecOptions } from './bundle/spec.ts';
export { LayerApplier, type LayerLimits } from './layers/apply.ts';
export { layerArchive, type DiffOptions } from './layers/diff.ts';
export { exportLayout, type LayoutOptions } from './layout/export.ts';
export type { ImportedImage } from './layout/names.ts';
export { unpackLayer, type UnpackedLayer, type UnpackLayerOptions } from './layers/unpack-layer.ts';
export {
  chooseManifest,
  hostPlatform,
  layerSources,
  MAX_INDEX_DEPTH,
  readImage,
  type ImageLayer,
  type ReadImage,
} from './read.ts';
export type { EntryType, Extent, TarEntry, TarHeader } from './tar/entry.ts';
export { TarReader, type TarHandler } from './tar/reader.ts';
export {
  unpackImage,
  type LayerSource,
  type UnpackOptions,
  type UnpackProgress,
} from './unpack/unpack.ts';
export { isAlive, ownMark } from './unpack/owner.ts';
