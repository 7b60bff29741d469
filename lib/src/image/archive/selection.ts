/** What an export has in it: the images, each for the platform that was asked for, and their blobs. */
import type { Digest, ImageDescriptor, Platform } from '../../oci/index.ts';
import type { ContentReader } from '../content/types.ts';
import { childrenOf, isDocument, readDocument } from '../document.ts';
import { ImageError } from '../errors.ts';
import { hostPlatform, readImage, type ReadImage } from '../read.ts';
import { ImageTrees } from './tree.ts';

/** An image to export. */
export interface ExportedImage {
  /** Such as `docker.io/library/busybox:latest`; without one it can be found by its digest alone. */
  readonly name?: string;
  /** Of its manifest or index. */
  readonly descriptor: ImageDescriptor;
}

export interface Selection {
  readonly images: readonly ExportedImage[];
  /** Their sizes in bytes by their digests. */
  readonly blobs: ReadonlyMap<Digest, number>;
}

/**
 * Without a platform an index comes with all of its images that are here.
 *
 * @throws ImageError NOT_FOUND if a piece is not in the store, or no image is for the platform.
 */
export async function selectImages(
  content: ContentReader,
  wanted: readonly ExportedImage[],
  platform: Platform | undefined,
): Promise<Selection> {
  const images =
    platform === undefined
      ? wanted
      : wanted.map((image) => ({
          ...image,
          descriptor: readImage(content, image.descriptor, platform).descriptor,
        }));
  const blobs = new Map<Digest, number>();
  const trees = new ImageTrees(content, 'the store', {
    take({ digest, size }) {
      const isHere = content.has(digest);
      if (isHere) blobs.set(digest, size);
      return Promise.resolve(isHere);
    },
  });
  for (const { descriptor } of images) await trees.add(descriptor);
  return { images, blobs };
}

/** Of several platforms this machine's, or else the first that is whole. @throws as `readImage`. */
export function readWholeImage(content: ContentReader, descriptor: ImageDescriptor): ReadImage {
  const errors: unknown[] = [];
  for (const platform of [hostPlatform(), ...platformsOf(content, descriptor)]) {
    try {
      const image = readImage(content, descriptor, platform);
      const gone = image.layers.find((layer) => !content.has(layer.descriptor.digest));
      if (gone === undefined) return image;
      errors.push(missing(gone.descriptor.digest, image.descriptor.digest));
    } catch (error) {
      errors.push(error);
    }
  }
  throw errors[0];
}

function platformsOf(content: ContentReader, descriptor: ImageDescriptor): Platform[] {
  const document = readDocument(content, descriptor);
  if (document.kind === 'manifest') return [];
  return childrenOf(document).flatMap((child) =>
    isDocument(child) && child.platform !== undefined ? [child.platform] : [],
  );
}

function missing(layer: Digest, manifest: Digest): ImageError {
  const message = `the layer ${layer} of ${manifest} is not in the store`;
  return new ImageError('NOT_FOUND', `${message}: pull the image again`);
}
