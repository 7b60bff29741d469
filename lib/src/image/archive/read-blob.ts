/** A blob on its way out, a piece at a time, and verified again on the way. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { splitDigest, type Digest } from '../../oci/index.ts';
import type { ContentReader } from '../content/types.ts';
import { ImageError } from '../errors.ts';

/** Bytes read at a time. */
const CHUNK = 1 << 20;

/** What is to be read, with its size in bytes. */
interface Blob {
  readonly digest: Digest;
  readonly size: number;
}

/** @throws ImageError NOT_FOUND; DATA_LOSS, after the last piece, if it is not what it was. */
export async function* readBlob(
  content: ContentReader,
  { digest, size }: Blob,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const { algorithm, hex } = splitDigest(digest);
  const hash = createHash(algorithm);
  let read = 0;
  const options = { highWaterMark: CHUNK, ...(signal && { signal }) };
  const file = createReadStream(content.path(digest), options);
  for await (const piece of file as AsyncIterable<Buffer>) {
    read += piece.length;
    if (read > size) break;
    hash.update(piece);
    yield piece;
  }
  if (read === size && hash.digest('hex') === hex) return;
  throw new ImageError(
    'DATA_LOSS',
    `content ${digest} is damaged in the store: delete it and pull the image again`,
  );
}
