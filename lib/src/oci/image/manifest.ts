/** manifest.md and image-index.md: what an image consists of. */
import type { ImageDescriptor } from './descriptor.ts';

/** One image, or one artifact. */
export interface ImageManifest {
  schemaVersion: 2;
  mediaType?: string;
  artifactType?: string;
  config: ImageDescriptor;
  /** The lowest first. */
  layers: ImageDescriptor[];
  /** The manifest that this one is about, such as the image of a signature. */
  subject?: ImageDescriptor;
  annotations?: Record<string, string>;
}

/** A list of manifests, mostly one image for several platforms; also Docker's manifest list. */
export interface ImageIndex {
  schemaVersion: 2;
  mediaType?: string;
  artifactType?: string;
  manifests: ImageDescriptor[];
  subject?: ImageDescriptor;
  annotations?: Record<string, string>;
}
