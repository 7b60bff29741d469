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
export { ImageError, type ImageErrorCode } from './errors.ts';
