/** What the handlers of a server share, and what each request is to them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Content } from '../../image/index.ts';
import { parseDigest, type Digest } from '../../oci/index.ts';
import { messageOf } from '../../base/index.ts';
import { ApiError } from './api-error.ts';
import type { RegistryNames } from './names.ts';
import type { Uploads } from './uploads.ts';

export interface Site {
  readonly content: Content;
  readonly names: RegistryNames;
  readonly uploads: Uploads;
  /** The lease, by its id, that keeps what is in the registry. */
  readonly lease: string | undefined;
  /** Bytes of one blob. */
  readonly maxBlobSize: number;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly repository: string;
  /** The last part of the path: a tag, a digest, or an upload's id. */
  readonly name: string;
  readonly query: URLSearchParams;
}

export type Handler = (site: Site, exchange: Exchange) => void | Promise<void>;

/** @throws ApiError DIGEST_INVALID. */
export function digestFrom(text: string | null): Digest {
  try {
    return parseDigest(text ?? '');
  } catch (error) {
    throw new ApiError(400, 'DIGEST_INVALID', messageOf(error));
  }
}
