/** A layer's blob, unpacked into a directory, and its DiffID on the way. */
import { createHash } from 'node:crypto';
import { splitDigest, type Digest } from '../../oci/index.ts';
import type { LayerForm } from '../../overlayfs/index.ts';
import { ImageError } from '../errors.ts';
import { TarReader } from '../tar/reader.ts';
import { DEFAULT_LIMITS, LayerApplier, type LayerLimits } from './apply.ts';
import { decompress, detectCompression } from './decompress.ts';

export interface UnpackLayerOptions extends LayerForm {
  readonly limits?: LayerLimits;
  readonly signal?: AbortSignal;
  /** Told how many bytes of the uncompressed archive are done. */
  readonly onProgress?: (bytes: number) => void;
}

/** What an unpacked layer turned out to be. */
export interface UnpackedLayer {
  /** Bytes, uncompressed. */
  readonly size: number;
  /** Directories of the layers below that it puts something into, without having them itself. */
  readonly implicit: ReadonlySet<string>;
}

/**
 * Unpacks a blob into `root`.
 *
 * @param blob its file.
 * @param diffId the digest that the uncompressed archive must have, from the image's config.
 * @throws ImageError BAD_CONTENT if it has another one, BAD_ARCHIVE, TOO_LARGE. `root` then holds a
 *   part of the layer: throw it away.
 */
export async function unpackLayer(
  blob: string,
  diffId: Digest,
  root: string,
  { limits = DEFAULT_LIMITS, signal, onProgress, ...form }: UnpackLayerOptions,
): Promise<UnpackedLayer> {
  const { algorithm, hex } = splitDigest(diffId);
  const hash = createHash(algorithm);
  using applier = new LayerApplier(root, form, limits);
  const reader = new TarReader(applier);
  let size = 0;
  for await (const bytes of decompress(blob, await detectCompression(blob), signal)) {
    size += bytes.length;
    if (size > limits.bytes) throw tooLarge(blob, limits.bytes);
    hash.update(bytes);
    reader.write(bytes);
    onProgress?.(size);
  }
  reader.finish();
  const found = hash.digest('hex');
  if (found !== hex) {
    throw new ImageError(
      'BAD_CONTENT',
      `the layer ${blob} unpacks to ${algorithm}:${found}, but the image's config has ${diffId}: ` +
        'the image is damaged, fetch it again or do not use it',
    );
  }
  applier.finish();
  return { size, implicit: applier.implicit };
}

function tooLarge(blob: string, limit: number): ImageError {
  const advice = 'raise the limit if you trust the image';
  return new ImageError('TOO_LARGE', `${blob} unpacks to more than ${limit} bytes: ${advice}`);
}
