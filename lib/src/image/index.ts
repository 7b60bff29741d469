export type {
  Content,
  ContentInfo,
  ContentLabels,
  ContentReader,
  ContentWriter,
  Image,
  Ingest,
  IngestOptions,
  IngestStatus,
  Lease,
} from './content/types.ts';
export { ImageError, type ImageErrorCode } from './errors.ts';
