/** A layer's blob as the archive that is in it. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough, type Transform } from 'node:stream';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import type { Compression } from '../../oci/index.ts';
import { ImageError } from '../errors.ts';

/** Bytes read, and made, at a time. */
const CHUNK = 256 << 10;
/** Pieces that are ready before they are asked for: decoding and writing then wait less for each other. */
const AHEAD = { readableHighWaterMark: 16 * CHUNK, writableHighWaterMark: 4 * CHUNK };

/**
 * How a blob is compressed, by its first bytes: media types are often wrong about it, and every
 * engine looks (RFC 1952, section 2.3.1; RFC 8878, section 3.1.1). estargz and zstd:chunked are
 * gzip and zstd.
 */
export async function detectCompression(file: string): Promise<Compression> {
  await using handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  if (buffer[0] === 0x1f && buffer[1] === 0x8b) return 'gzip';
  const magic = buffer.readUInt32LE();
  const isSkippable = magic >>> 4 === 0x184d2a5;
  return magic === 0xfd2fb528 || isSkippable ? 'zstd' : 'none';
}

/**
 * Reads a blob from its file, piece by piece. The pieces are new memory each.
 *
 * @throws ImageError BAD_ARCHIVE while reading, where the compressed data is damaged or cut off.
 */
export async function* decompress(
  file: string,
  compression: Compression,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const source = createReadStream(file, { highWaterMark: CHUNK, ...(signal && { signal }) });
  const decoder = decoderFor(compression);
  source.on('error', (error) => decoder.destroy(error));
  try {
    yield* source.pipe(decoder) as AsyncIterable<Buffer>;
  } catch (error) {
    signal?.throwIfAborted();
    if (!isDecodingError(error)) throw error;
    throw new ImageError(
      'BAD_ARCHIVE',
      `${file} is no whole ${compression} stream (${error.message}): fetch it again`,
      { cause: error },
    );
  } finally {
    source.destroy();
    decoder.destroy();
  }
}

function decoderFor(compression: Compression): Transform {
  switch (compression) {
    case 'none':
      return new PassThrough({ highWaterMark: CHUNK });
    case 'gzip':
      return createGunzip({ chunkSize: CHUNK, ...AHEAD });
    case 'zstd':
      // The window is memory: 128 MiB is what zstd writes at most unless it is told otherwise.
      return createZstdDecompress({
        chunkSize: CHUNK,
        ...AHEAD,
        params: { [constants.ZSTD_d_windowLogMax]: 27 },
      });
  }
}

function isDecodingError(error: unknown): error is Error {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(?:Z_|ZSTD_|ERR_ZLIB|ERR__ERROR)/.test(code);
}
