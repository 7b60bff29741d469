/** From a name of content to an image: index, manifest, config, layers, each checked. */
import { choosePlatform, normalizePlatform } from '#parts/image/platform.ts';
import {
  layerCompression,
  MEDIA_TYPE,
  parseImageConfig,
  type Digest,
  type ImageConfig,
  type ImageDescriptor,
  type ImageIndex,
  type ImageManifest,
  type Platform,
} from '../oci/index.ts';
import type { ContentReader } from './content/types.ts';
import { readDocument, readText } from './document.ts';
import { ImageError } from './errors.ts';
import type { LayerSource } from './unpack/unpack.ts';

/** An image for one platform. */
export interface ReadImage {
  /** Of the manifest. */
  readonly descriptor: ImageDescriptor;
  readonly manifest: ImageManifest;
  readonly config: ImageConfig;
  /** The lowest first; a layer may be missing from the store. */
  readonly layers: readonly ImageLayer[];
}

/** A layer by both of its names. */
export interface ImageLayer {
  readonly descriptor: ImageDescriptor;
  readonly diffId: Digest;
}

/** An index in an index in an index …: deeper is nothing but an attack. */
export const MAX_INDEX_DEPTH = 8;

const CONFIG_TYPES: readonly string[] = [MEDIA_TYPE.config, MEDIA_TYPE.dockerConfig];

/** The platform of this machine. */
export function hostPlatform(): Platform {
  return normalizePlatform({ os: 'linux', architecture: process.arch });
}

/**
 * Reads an image.
 *
 * @param target what a name leads to: a manifest, or an index of several.
 * @throws ImageError NOT_AN_IMAGE for an artifact; NOT_FOUND if it has none for the platform, or
 *   something is not in the store;
 *   BAD_CONTENT if its parts do not fit together; ConfigError for a damaged document.
 */
export function readImage(
  content: ContentReader,
  target: ImageDescriptor,
  platform: Platform = hostPlatform(),
): ReadImage {
  const { descriptor, manifest } = findManifest(content, target, platform, 0);
  if (!CONFIG_TYPES.includes(manifest.config.mediaType)) {
    throw new ImageError(
      'NOT_AN_IMAGE',
      `${descriptor.digest} is an artifact (its config is ${manifest.config.mediaType}), ` +
        'not an image: it cannot be run',
    );
  }
  const config = parseImageConfig(readText(content, manifest.config), manifest.config.digest);
  return { descriptor, manifest, config, layers: pairLayers(manifest, config, descriptor.digest) };
}

/** Where the layers' blobs are. @throws ImageError NOT_FOUND for one that is not in the store. */
export function layerSources(content: ContentReader, image: ReadImage): LayerSource[] {
  return image.layers.map(({ descriptor, diffId }) => ({
    blob: content.path(descriptor.digest),
    diffId,
  }));
}

function findManifest(
  content: ContentReader,
  descriptor: ImageDescriptor,
  platform: Platform,
  depth: number,
): { descriptor: ImageDescriptor; manifest: ImageManifest } {
  const { digest } = descriptor;
  if (depth > MAX_INDEX_DEPTH) {
    const message = `${digest} is below ${depth} indexes in each other: do not use this image`;
    throw new ImageError('TOO_LARGE', message);
  }
  const document = readDocument(content, descriptor);
  if (document.kind === 'manifest') return { descriptor, manifest: document.manifest };
  const chosen = chooseManifest(document.index, platform, digest);
  return findManifest(content, chosen, platform, depth + 1);
}

/**
 * The manifest of an index for a platform.
 *
 * @param where for messages: the index.
 * @throws ImageError NOT_FOUND, which says for which platforms there are some.
 */
export function chooseManifest(
  { manifests }: ImageIndex,
  platform: Platform,
  where: string,
): ImageDescriptor {
  const chosen = choosePlatform(manifests, platform);
  if (chosen !== undefined) return chosen;
  const offered = manifests.map((each) => describePlatform(each.platform));
  const list = [...new Set(offered)].slice(0, 20).join(', ');
  throw new ImageError(
    'NOT_FOUND',
    `${where} has no image for ${describePlatform(platform)}; it has ${list || 'none at all'}`,
  );
}

function pairLayers(manifest: ImageManifest, config: ImageConfig, where: string): ImageLayer[] {
  const { layers } = manifest;
  const diffIds = config.rootfs.diff_ids;
  if (layers.length !== diffIds.length) {
    throw new ImageError(
      'BAD_CONTENT',
      `${where} has ${layers.length} layers, and its config has DiffIDs for ${diffIds.length}: ` +
        'the image is damaged, fetch it again or make it anew',
    );
  }
  return layers.map((descriptor, index) => {
    const diffId = diffIds[index] as Digest;
    if (layerCompression(descriptor.mediaType) !== undefined) return { descriptor, diffId };
    const message = `layer ${index} of ${where} is ${descriptor.mediaType}, which is no layer`;
    throw new ImageError('BAD_CONTENT', `${message}: make the image with tar layers`);
  });
}

function describePlatform(platform: Platform | undefined): string {
  if (platform === undefined) return 'any platform';
  const { os, architecture, variant } = platform;
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}
