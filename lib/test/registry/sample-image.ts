import { createHash } from 'node:crypto';
import { MEDIA_TYPE, type Digest, type ImageDescriptor } from '../../src/oci/index.ts';

/** Content by digest, and an image in it. */
export interface SampleImage {
  readonly blobs: Map<Digest, Buffer>;
  readonly index: ImageDescriptor;
  readonly manifest: ImageDescriptor;
  /** Of the other platform. */
  readonly otherManifest: ImageDescriptor;
  readonly config: ImageDescriptor;
  readonly layers: readonly ImageDescriptor[];
}

export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Bytes that look random and are always the same. */
export function bytesOf(seed: string, length: number): Buffer {
  const key = createHash('sha256').update(seed).digest();
  return Buffer.alloc(length, key);
}

export function describeBytes(mediaType: string, bytes: Buffer): ImageDescriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

/** An index of two platforms; `layerSize` is of each layer, in bytes. */
export function sampleImage(layerSize = 100_000, layers = 4): SampleImage {
  const blobs = new Map<Digest, Buffer>();
  const add = (mediaType: string, content: unknown): ImageDescriptor => {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
    const descriptor = describeBytes(mediaType, bytes);
    blobs.set(descriptor.digest, bytes);
    return descriptor;
  };
  const image = (architecture: string) => {
    const config = add(MEDIA_TYPE.config, {
      architecture,
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: [] },
    });
    const all = Array.from({ length: layers }, (_, at) =>
      add(MEDIA_TYPE.layer, bytesOf(`${architecture} ${at}`, layerSize)),
    );
    const document = { schemaVersion: 2, mediaType: MEDIA_TYPE.manifest, config, layers: all };
    return { config, layers: all, manifest: add(MEDIA_TYPE.manifest, document) };
  };
  const amd64 = image('amd64');
  const arm64 = image('arm64');
  const index = add(MEDIA_TYPE.index, {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.index,
    manifests: [
      { ...amd64.manifest, platform: { architecture: 'amd64', os: 'linux' } },
      { ...arm64.manifest, platform: { architecture: 'arm64', os: 'linux' } },
    ],
  });
  return { ...amd64, blobs, index, otherManifest: arm64.manifest };
}
