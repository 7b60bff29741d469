/** Manifests and indexes in the store, and what they refer to. */
import {
  INDEX_MEDIA_TYPES,
  MANIFEST_MEDIA_TYPES,
  parseManifest,
  SCHEMA_1_MEDIA_TYPES,
  type ImageDescriptor,
  type ManifestOrIndex,
} from '../oci/index.ts';
import type { ContentLabels, ContentReader } from './content/types.ts';
import { ImageError } from './errors.ts';

const REFERS_TO = 'containerd.io/gc.ref.content';

/** Whether it points to a manifest or an index, and not to a config or a layer. */
export function isDocument({ mediaType }: ImageDescriptor): boolean {
  return [INDEX_MEDIA_TYPES, MANIFEST_MEDIA_TYPES, SCHEMA_1_MEDIA_TYPES].some((types) =>
    types.includes(mediaType),
  );
}

/**
 * Reads a manifest or an index of the store.
 *
 * @throws ImageError NOT_FOUND, TOO_LARGE, BAD_CONTENT; ConfigError for a damaged document.
 */
export function readDocument(content: ContentReader, descriptor: ImageDescriptor): ManifestOrIndex {
  const { mediaType, digest } = descriptor;
  return parseManifest(readText(content, descriptor), mediaType, digest);
}

/** A small content as text. @throws ImageError BAD_CONTENT if it has not the size announced. */
export function readText(content: ContentReader, { digest, size }: ImageDescriptor): string {
  const bytes = content.read(digest);
  if (bytes.length === size) return bytes.toString();
  const message = `${digest} has ${bytes.length} bytes, and ${size} were announced: do not use it`;
  throw new ImageError('BAD_CONTENT', message);
}

/** What a document needs: an index its manifests, a manifest its config and layers. */
export function childrenOf(document: ManifestOrIndex): readonly ImageDescriptor[] {
  if (document.kind === 'index') return document.index.manifests;
  return [document.manifest.config, ...document.manifest.layers];
}

/**
 * Labels, as containerd sets them, by which a collection keeps what a document needs
 * (docs/garbage-collection.md).
 */
export function childLabels(document: ManifestOrIndex): ContentLabels {
  if (document.kind === 'index') {
    const { manifests } = document.index;
    return Object.fromEntries(manifests.map(({ digest }, at) => [`${REFERS_TO}.m.${at}`, digest]));
  }
  const { config, layers } = document.manifest;
  return Object.fromEntries([
    [`${REFERS_TO}.config`, config.digest],
    ...layers.map(({ digest }, at) => [`${REFERS_TO}.l.${at}`, digest]),
  ]) as ContentLabels;
}
