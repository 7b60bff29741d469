/** descriptor.md: what points to a blob. */
import type { Digest } from '../digest.ts';
import type { Platform } from './platform.ts';

/** Names content, and says what it is and how large. */
export interface ImageDescriptor {
  mediaType: string;
  digest: Digest;
  /** Bytes. */
  size: number;
  /** Where else it can be had. */
  urls?: string[];
  annotations?: Record<string, string>;
  /** The content itself, in base64. */
  data?: string;
  artifactType?: string;
  /** In an index: what the manifest's image runs on. */
  platform?: Platform;
}

/** Annotations with a meaning of their own (annotations.md). */
export const ANNOTATION_REF_NAME = 'org.opencontainers.image.ref.name';
/** What docker, containerd and podman write beside it: the whole name of the image. */
export const ANNOTATION_IMAGE_NAME = 'io.containerd.image.name';
