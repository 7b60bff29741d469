/** What all ways to upload a blob have in common. */
import { createReadStream } from 'node:fs';
import type { ImageDescriptor } from '../../oci/index.ts';
import type { Reply, RequestBody } from '../http/exchange.ts';
import { refusal } from '../http/refusal.ts';
import type { Reference } from '../reference.ts';
import type { Connection } from './connection.ts';

/** How a blob is pushed. */
export interface UploadOptions {
  /** Repositories of the same registry that may have it. */
  readonly mountFrom?: readonly string[] | undefined;
  /** Bytes of one PATCH; without it the blob is sent at once. */
  readonly chunkSize?: number | undefined;
  /** Called with the bytes that were sent. */
  readonly onOffset?: ((offset: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A blob on its way to a registry. */
export interface Upload {
  readonly connection: Connection;
  readonly reference: Reference;
  readonly descriptor: ImageDescriptor;
  /** Where it is read. */
  readonly file: string;
  readonly options: UploadOptions;
}

/** @throws RegistryError with what the reply says, if its status is another. */
export async function expectStatus(reply: Reply, status: number, doing: string): Promise<void> {
  if (reply.status !== status) throw await refusal(reply, doing);
  await reply.discard();
}

/** The bytes of a file from `start` up to `end`. */
export function fileBody(
  file: string,
  start: number,
  end: number,
  onOffset: ((offset: number) => void) | undefined,
): RequestBody {
  return {
    length: end - start,
    open: () => {
      if (end === start) return Buffer.alloc(0);
      const stream = createReadStream(file, { start, end: end - 1 });
      if (onOffset === undefined) return stream;
      let offset = start;
      return stream.on('data', (chunk) => {
        offset += chunk.length;
        onOffset(offset);
      });
    },
  };
}
